"""Pictures: what is written beside the pixels, where it was taken, and the pixels when this machine can read them."""

import re
import struct
import zlib
from collections.abc import Iterator

from fridhem.pure.outbound.opening.pieces import Limits, Opened, Piece, Unchecked

STARTS = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
    b"\x01\x00\x00\x00",
    b"FORM",
)
TINY = 16  # pixels: what is no higher or no wider holds no word
_WORDS = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,}")
_EXIF = re.compile(rb"Exif\x00\x00(II\*\x00|MM\x00\*)")
GPS = {b"II*\x00": b"\x25\x88", b"MM\x00*": b"\x88\x25"}


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are a picture's."""
    return data.startswith(STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] in {b"ftypavif", b"ftypheic"}


def read(name: str, data: bytes, limits: Limits) -> Opened:
    """What is written in the file, whether it tells a place, and what the pixels say."""
    for text in _written(data):
        yield Piece(name, "metadata", text)
    if _tells_a_place(data):
        yield Unchecked(name, "position")
    if min(size(data)) <= TINY:
        return
    said = limits.read_picture(data) if limits.read_picture else None
    yield Unchecked(name, "picture") if said is None else Piece(name, "picture", said)


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; very large when it isn't known."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data.startswith(b"\xff\xd8"):
        found = re.search(rb"\xff[\xc0-\xc3]..\x08(..)(..)", data, re.S)
        if found:
            return struct.unpack(">H", found[2])[0], struct.unpack(">H", found[1])[0]
    return 1_000_000, 1_000_000


def _written(data: bytes) -> Iterator[str]:
    yield b"\n".join(_WORDS.findall(data)).decode("latin-1")
    yield data.decode("utf-8", errors="ignore")
    yield b"\n".join(_WIDE.findall(data)).decode("utf-16-le", errors="ignore")
    yield b"\n".join(found.replace(b"\x00", b"") for found in re.findall(rb"(?:\x00[\x20-\x7e\xa0-\xff]){4,}", data)).decode(
        "latin-1"
    )
    yield from _png_texts(data)


def _png_texts(data: bytes) -> Iterator[str]:
    at = 8
    while data.startswith(b"\x89PNG") and at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            for start in range(len(body)):
                if body[start : start + 1] == b"\x78":
                    try:
                        yield zlib.decompressobj().decompress(body[start:], 1_000_000).decode("utf-8", errors="replace")
                    except zlib.error:
                        continue
        at += 12 + length


def _tells_a_place(data: bytes) -> bool:
    found = _EXIF.search(data)
    heading = found[1] if found else data[:4]
    start = found.end() - 4 if found else 0
    in_exif = heading in GPS and GPS[heading] in data[start : start + 2048]
    return in_exif or b"GPSLatitude" in data
