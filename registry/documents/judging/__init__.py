"""Signatures in a file that somebody hands in, judged by pyHanko in a child process with limits. 验签."""
