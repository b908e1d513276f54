"""Faults: real processes killed while seeded clients work, then every promise checked against their journal."""
