"""What does the browser ask, what do we answer: one module per subject."""
