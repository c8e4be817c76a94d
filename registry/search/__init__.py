"""Finding anything in scope from the box in the header: Chinese, pinyin, initials, numbers, former names. 全局搜索."""
