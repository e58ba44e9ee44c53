"""Extracts of other case systems: read as a table, held against a Table Schema, made into finished cases."""
