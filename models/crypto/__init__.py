"""Sealing, hashing and the keys for it."""
