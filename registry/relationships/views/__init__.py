"""Pages of relationships. 校地关系页面."""
