"""Mail: its states, and what mail servers answer."""
