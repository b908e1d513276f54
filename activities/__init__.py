"""How a process touches the world: synchronous, idempotent, one transaction each."""
