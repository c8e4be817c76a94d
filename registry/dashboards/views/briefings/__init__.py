"""Pages of briefings. 专报页面."""
