"""Pages of organisations and regions. 单位与地区页面."""
