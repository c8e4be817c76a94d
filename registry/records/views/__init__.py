"""What the pages of all shared records do alike: reading forms, telling refusals, lists, export. 共享记录的页面."""
