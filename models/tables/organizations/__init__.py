"""Organizations and their locations."""
