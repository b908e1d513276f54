"""The accounts of state staff, for administrators: who works here, with which roles, and since when."""
