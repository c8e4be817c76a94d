"""Reading figures. 统计查询."""
