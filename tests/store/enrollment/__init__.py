"""The enrollment of provider organizations."""
