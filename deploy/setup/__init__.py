"""Sets up a checkout with nothing but the standard library: packages, look, translations, browser, PostgreSQL 15."""
