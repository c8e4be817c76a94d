"""Activities that the reader sees, and what their figures add up to. 活动查询。"""
