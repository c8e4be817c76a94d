"""Pages of activities. 活动页面。"""
