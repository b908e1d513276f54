"""How the system itself is, for its administrator."""
