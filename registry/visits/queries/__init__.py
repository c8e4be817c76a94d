"""Visits that the reader sees, who visited an employer, the board, agreements due for a visit. 走访查询."""
