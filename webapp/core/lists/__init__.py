"""List pages: their whole state in the address, filters as chips, counts that stop, export of all that matches."""
