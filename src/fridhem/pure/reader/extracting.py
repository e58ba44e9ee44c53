"""Bytes → text in segments, whatever the file calls itself: the content decides, not the suffix."""

import re
from dataclasses import dataclass

from fridhem.pure.reader import docx, pdf, plain
from fridhem.pure.reader.unreadable import Reason, UnreadableError

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 3_000_000

# What a file that we don't read begins with. An old Word file and an encrypted new one share their first bytes.
UNKNOWN_STARTS = {
    b"\xd0\xcf\x11\xe0": "ole",
    b"{\\rtf": "rtf",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7z",
}
# What no database keeps and no page shows: the zero sign, and halves of signs that a broken PDF gives.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Segment:
    """A page of a PDF or text, or the whole of a document without pages: where it stands in the text."""

    start: int
    end: int
    page: int


@dataclass(frozen=True)
class Extract:
    """The text of a file exactly as extracted; every place in the reader counts characters in `text`."""

    text: str
    segments: tuple[Segment, ...]
    format: str
    cut: bool = False

    def page_at(self, offset: int) -> int:
        """Give the number of the page, from 1, that holds the character at `offset`."""
        return next((s.page for s in self.segments if s.start <= offset < s.end), len(self.segments))


def extract(data: bytes) -> Extract:
    """Give the text of a PDF, a DOCX or a plain text.

    Raises `UnreadableError` with its reason when there is none to give. Text beyond `MAX_CHARACTERS`, and pages beyond
    what `pdf` reads, are left out and `cut` says so.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(Reason.TOO_LARGE)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(Reason.EMPTY)
    kind = detect(data)
    if kind == "pdf":
        pages, cut = pdf.pages(data)
    elif kind == "docx":
        pages, cut = [docx.text(data)], False
    else:
        pages, cut = plain.text(data).split("\f"), False
    return _join(pages, kind, cut)


def detect(data: bytes) -> str:
    """Tell `pdf`, `docx` or `text` from the content; raise `UnreadableError` for what we know that we can't read."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if any(data.startswith(start) for start in UNKNOWN_STARTS):
        raise UnreadableError(Reason.ENCRYPTED if ENCRYPTED_OFFICE in data else Reason.UNKNOWN_FORMAT)
    return "text"


def _join(pages: list[str], kind: str, cut: bool) -> Extract:
    text = "\f".join(UNSTORABLE.sub(" ", page) for page in pages)
    if not text.strip():
        raise UnreadableError(Reason.NO_TEXT)
    segments, start = [], 0
    for number, page in enumerate(pages, start=1):
        end = min(start + len(page) + 1, len(text), MAX_CHARACTERS)
        if start < end:
            segments.append(Segment(start, end, number))
        start = end
    return Extract(text[:MAX_CHARACTERS], tuple(segments), kind, cut or len(text) > MAX_CHARACTERS)
