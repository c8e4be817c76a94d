"""Pages of reminders. 提醒页面."""
