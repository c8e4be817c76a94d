"""Pages of the message centre, of one's preferences, and of an organisation's channels."""
