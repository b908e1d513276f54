"""Where connections come in: whole requests are gathered and answers are sent before and after a thread is taken."""
