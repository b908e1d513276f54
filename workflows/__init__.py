"""What happens when: one durable process per file."""
