"""What falls due, read from the other packages' tables: one small file for each thing. 提醒来源."""
