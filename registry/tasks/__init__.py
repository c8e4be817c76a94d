"""Assigned work with a deadline, and its supervision. 任务与督办."""
