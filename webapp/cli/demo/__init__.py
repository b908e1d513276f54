"""Demo data: people, and applications in every state, the same each time."""
