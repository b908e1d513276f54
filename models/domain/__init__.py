"""The rules: pure functions and frozen values. No clock, no random, no I/O, no environment."""
