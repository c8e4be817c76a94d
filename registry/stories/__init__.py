"""Five published news stories as records: each line once, and nothing more than they say. 新闻报道录入。"""
