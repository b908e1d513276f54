"""Accounts in the web app: signing in and out, sessions, passwords, the second factor."""
