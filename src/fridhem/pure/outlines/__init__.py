"""What an investigation is written under: headings in their order, as dated data."""
