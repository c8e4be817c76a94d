"""Pages of tasks. 任务页面."""
