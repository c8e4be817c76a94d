"""PKCS#12 files that administrators hand in, opened in a child process with limits. 证书文件解析."""
