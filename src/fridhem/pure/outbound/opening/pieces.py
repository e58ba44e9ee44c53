"""What opening a file gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Some text and where it lay: the file (and the files in it, `letter.eml › plan.pdf`) and its part.

    `part`: text, header, comment, hidden, metadata, file_name, link, form, cell, picture. Pages are parted by form feeds when
    `is_paged`, paragraphs by line feeds.
    """

    file: str
    part: str
    text: str
    is_paged: bool = False


@dataclass(frozen=True)
class Unchecked:
    """That something couldn't be read, and so is stopped: `reason` is a code of `REASONS`."""

    file: str
    reason: str


REASONS = frozenset(
    {"broken", "encrypted", "format", "picture", "position", "earlier_versions", "hidden_data", "too_large", "no_text"}
)

Opened = Iterator[Piece | Unchecked]
# The text in a picture; None when it can't be read.
ReadPicture = Callable[[bytes], str | None]


@dataclass
class Limits:
    """What one parcel may unpack to, counted down as it's opened."""

    unpacked: int = 100_000_000  # bytes
    files: int = 3_000
    depth: int = 6
    read_picture: ReadPicture | None = None


class Broken(Exception):
    """The file can't be read: `reason` is one of `REASONS`."""

    def __init__(self, reason: str = "broken") -> None:
        self.reason = reason
        super().__init__(reason)
