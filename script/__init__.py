"""What a developer runs: set-up, tests, translations, pictures."""
