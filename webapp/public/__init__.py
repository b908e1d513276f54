"""The public pages: where everybody begins. No sign-in, no record of anybody."""
