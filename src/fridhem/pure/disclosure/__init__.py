"""From counted to safe: small counts are hidden, with what would give them away, and the result is proven."""
