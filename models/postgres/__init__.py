"""The database: connections, time limits, listening."""
