"""Days and hours: how they are said, and which of them count."""
