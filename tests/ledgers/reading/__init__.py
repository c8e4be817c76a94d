"""Reading spreadsheets, without any database."""
