"""A JPEG stream without the segments that tell of its making, its points untouched (ITU-T T.81, annex B)."""

import struct

# APP0–APP15 and COM. APP14 (Adobe) says how colours are to be read, so it stays.
TELLING = {*range(0xE0, 0xF0), 0xFE} - {0xEE}
START_OF_SCAN, END = 0xDA, 0xD9


def strip(data: bytes) -> bytes:
    """The JPEG without its application segments and comments. Raises ValueError when it isn't whole up to its points."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("Not a JPEG.")
    kept, at = [data[:2]], 2
    while at + 4 <= len(data):
        marker, length = struct.unpack_from(">xBH", data, at)
        if data[at] != 0xFF:
            raise ValueError("A segment doesn't begin where it should.")
        if marker == START_OF_SCAN:
            end = data.rfind(b"\xff\xd9")
            return b"".join(kept) + data[at : end + 2 if end > at else None]
        if marker not in TELLING:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    raise ValueError("There are no points.")
