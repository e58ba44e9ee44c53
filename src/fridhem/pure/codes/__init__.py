"""Code lists with dates of validity, and the dimensions that tables are counted by."""
