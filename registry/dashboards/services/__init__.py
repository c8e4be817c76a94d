"""Keeping the sums in step with the records, folding, checking. 统计汇总维护."""
