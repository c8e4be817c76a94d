"""PKCS#12 files."""
