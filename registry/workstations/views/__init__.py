"""Pages of workstations. 人才工作站页面."""
