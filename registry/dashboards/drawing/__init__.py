"""Draws specifications in a limited process: what that process imports, and little else. 绘图进程."""
