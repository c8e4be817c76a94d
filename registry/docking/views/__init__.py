"""Pages of enterprise docking. 企业对接页面."""
