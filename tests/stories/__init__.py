"""What the five stories tell, found again in the registry."""
