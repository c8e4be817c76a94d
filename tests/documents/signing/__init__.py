"""Keys, levels, time stamps and tokens."""
