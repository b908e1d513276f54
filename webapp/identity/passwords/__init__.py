"""Passwords: resetting, setting, changing."""
