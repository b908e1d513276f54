"""The authorization matrix as a test: every route, every role, every object, against an oracle of its own."""
