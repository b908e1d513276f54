"""Second factors: one-time codes, passkeys, recovery codes."""
