"""Attacks on the product, each with the id of the catalogue that docs/security.md lists."""
