"""Whole stories in a real browser, on the whole stack. The test functions read as prose."""
