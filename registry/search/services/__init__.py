"""Keeping entries and index in step with the records. 检索索引维护."""
