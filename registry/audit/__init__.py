"""Append-only, hash-chained record of who did what, when. 审计."""
