"""The only code that reads rows for a page or an activity. Returns frozen dataclasses, never writes."""
