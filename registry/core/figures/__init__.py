"""Numbers that came from a person or a paper: how sure they are, what they count, how they stood. 数字与出处."""
