"""Pages of state staff."""
