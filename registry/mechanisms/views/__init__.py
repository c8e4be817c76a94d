"""Pages of docking mechanisms. 对接机制页面."""
