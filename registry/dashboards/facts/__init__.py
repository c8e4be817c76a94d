"""What records add to the figures that leaders see; one file for each kind of record. 统计来源."""
