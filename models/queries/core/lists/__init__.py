"""Reads of lists, page by page."""
