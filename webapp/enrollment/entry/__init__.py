"""The ways into an enrollment: beginning, and mailed links."""
