"""What a safe table looks like: an accessible table as data, and a chart as a picture without any outside reference."""
