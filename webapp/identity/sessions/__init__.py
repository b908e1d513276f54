"""Signing in, and the sessions behind it."""
