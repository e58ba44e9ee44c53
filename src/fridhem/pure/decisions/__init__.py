"""Decision tables (DMN 1.5, chapter 8) as data: read cell by cell, checked whole, decided without evaluating anything."""
