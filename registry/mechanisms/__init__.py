"""Docking mechanisms between localities and universities: with or without paper. 对接机制."""
