"""What a step asks of the one who does it, as data that a municipality can read and change."""
