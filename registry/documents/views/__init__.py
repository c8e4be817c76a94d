"""Pages of certificates. 证书页面."""
