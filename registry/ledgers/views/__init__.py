"""Pages of ledgers. 台账页面."""
