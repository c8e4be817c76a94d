"""What records after the signature have in common: who sees them, lists, pages, export. 业务记录公共部分."""
