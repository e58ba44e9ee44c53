"""What follows from what: which protection is the stronger."""

from fridhem.rooms.persons.enums import Protection

# From the weakest to the strongest: what the municipality marks itself, then what the Tax Agency and the court decide.
STRENGTH: tuple[str, ...] = (
    Protection.NONE,
    Protection.LOCAL,
    Protection.CONFIDENTIALITY_MARKING,
    Protection.PROTECTED_REGISTRATION,
    Protection.FICTITIOUS,
)


def is_stronger(protection: str, than: str) -> bool:
    """Whether a protection hides more than another one. Raises ValueError for an unknown word."""
    return STRENGTH.index(protection) > STRENGTH.index(than)
