"""The box in the header and the page of results. 搜索页面."""
