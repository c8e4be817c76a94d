"""Data → HTML → PDF bytes, signatures on bytes, stored files, verdicts on files. Knows nothing of agreements. 文档."""
