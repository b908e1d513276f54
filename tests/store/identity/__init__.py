"""Accounts, sign-in, sessions and their proofs."""
