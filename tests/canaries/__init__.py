"""Personal values that must be found nowhere outside PostgreSQL, and the search for them (S30, P38, I19)."""
