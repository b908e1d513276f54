"""The only code that writes rows. Functions take the session and the actor, and never commit."""
