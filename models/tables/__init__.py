"""SQLAlchemy classes, one file per noun; constraints and indexes live here."""
