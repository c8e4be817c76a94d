"""Pages of certificates. 签名证书页面."""
