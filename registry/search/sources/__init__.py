"""What each kind of record says of itself for finding. 检索来源."""
