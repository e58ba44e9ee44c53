"""What is decided about people, by whom, and how it's appealed: the delegation order and the law as dated data."""
