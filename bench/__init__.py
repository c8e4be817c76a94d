"""What is measured and tried on the running program, one command each."""
