"""A locality and a university: how far they have come, everything between them, what is due next. 校地关系."""
