"""The body of the product: rules, tables, and the code that writes and reads rows."""
