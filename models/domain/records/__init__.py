"""What a form is made of that is filled in over days, signed, returned and corrected."""
