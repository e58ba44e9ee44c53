"""How long a matter is kept, when it must be gone, and why: dated rules as data, and one judgement."""
