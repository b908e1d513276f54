"""How the product is set up and run. Nothing of the product is imported here."""
