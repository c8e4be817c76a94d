"""Finding, always cut to what the reader sees. 检索查询."""
