"""Which reader opens a file: what its first bytes say decides, never its name."""

import re
from collections.abc import Callable
from dataclasses import replace

from fridhem.pure.outbound.opening import mail, markup, packages, pdf, pictures, plain
from fridhem.pure.outbound.opening.pieces import Broken, Limits, Opened, Piece, ReadPicture, Unchecked

Reader = Callable[[str, bytes, Limits], Opened]
_MAIL = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9\-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}", re.I)
_MARKUP = re.compile(rb"<(?:!doctype|html|\?xml|svg|body|head|div|p|table|a|span|meta|!--)\b|<!--", re.I)
# What we know that we can't read: Word and Excel before 2007 and encrypted ones, RTF, sound, film, programs, other archives.
UNREADABLE = (
    b"\xd0\xcf\x11\xe0", b"{\\rtf", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MZ", b"\x7fELF", b"OggS", b"ID3",
    b"fLaC", b"\x1aE\xdf\xa3", b"\xd7\xcd\xc6\x9a", b"\x00\x00\x00",
)  # fmt: skip


def open_file(name: str, data: bytes, *, read_picture: ReadPicture | None = None) -> Opened:
    """Every piece of text in a file and in the files in it, and what couldn't be read."""
    return _open(name, data, Limits(read_picture=read_picture))


def _open(name: str, data: bytes, limits: Limits) -> Opened:
    yield Piece(name, "file_name", name.rpartition(" › ")[2])
    limits.files -= 1
    limits.unpacked -= len(data)
    if limits.files < 0 or limits.unpacked < 0 or limits.depth < 0:
        yield Unchecked(name, "too_large")
        return
    try:
        yield from _reader(data)(name, data, limits)
    except Broken as broken:
        yield Unchecked(name, broken.reason)
    except Exception:  # noqa: BLE001 - whatever a damaged or hostile file does to its reader, it's stopped
        yield Unchecked(name, "broken")


def inside(name: str, inner: str, data: bytes, limits: Limits) -> Opened:
    """A file in a file, a step deeper; what it uses is counted for the whole."""
    deeper = replace(limits, depth=limits.depth - 1)
    yield from _open(f"{name} › {inner}", data, deeper)
    limits.files, limits.unpacked = deeper.files, deeper.unpacked


def _reader(data: bytes) -> Reader:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return pdf.reader(inside)
    if data.startswith(b"PK"):
        return packages.reader(inside)
    if pictures.is_picture(data):
        return pictures.read
    if data.startswith(UNREADABLE):
        return _unreadable
    if _MAIL.match(head) and b"\n" in data:
        return mail.reader(inside)
    if _MARKUP.search(head):
        return markup.read
    return plain.read


def _unreadable(name: str, data: bytes, limits: Limits) -> Opened:
    yield Unchecked(name, "format")
