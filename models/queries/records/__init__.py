"""Reads for forms that are filled in over days."""
