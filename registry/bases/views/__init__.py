"""Pages of bases."""
