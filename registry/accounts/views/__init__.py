"""Pages of accounts and of the three administrators."""
