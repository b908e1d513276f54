"""The local stack: PostgreSQL, Temporal, mail catcher, worker and web as children of one supervisor."""
