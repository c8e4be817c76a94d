"""Child processes with limits, for work on bytes that may be hostile: a crash there harms nobody. 受限进程."""
