"""Pages of visits. 走访页面."""
