"""Whether this process lives and is ready, for whoever runs it."""
