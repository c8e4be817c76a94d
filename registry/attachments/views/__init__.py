"""Pages of attachments. 附件页面."""
