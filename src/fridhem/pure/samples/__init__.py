"""Samples: drawn by chance so that they can be drawn again, and what a share found in one says of the whole."""
