"""What a file may cost: the sizes that cleaning holds it to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most that a file may unpack to: `pixels` per picture, `pages`, `unpacked` bytes in all, `parts` of a package."""

    pixels: int
    pages: int
    unpacked: int
    parts: int
