"""What the overview reads. 总览查询。"""
