"""Pages that anybody opens."""
