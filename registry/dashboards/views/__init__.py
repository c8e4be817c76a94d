"""Pages of figures and of what waits. 总览页面。"""
