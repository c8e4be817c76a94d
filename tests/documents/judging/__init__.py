"""The parts of judging."""
