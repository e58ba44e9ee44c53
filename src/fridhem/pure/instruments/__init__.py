"""Assessment instruments as the municipality writes them: XLSForm, read strictly, filled in without running any code."""
