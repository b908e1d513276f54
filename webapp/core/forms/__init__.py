"""Forms: fields, errors, and the one way in which a form is submitted."""
