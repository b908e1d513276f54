"""The mail catcher of the local stack and its pages."""
