"""When too much comes at once: what still gets in, in what order, and what must wait. Knows nobody, keeps no address."""
