"""Pages of agreements: list, record, entry, the steps of the lifecycle, public verification. 协议页面."""
