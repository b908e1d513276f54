"""What every capability stands on; nothing here knows one."""
