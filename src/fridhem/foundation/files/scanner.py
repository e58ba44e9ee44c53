"""Ask the municipality's virus scanner (ClamAV's clamd) about a file, over its socket, without writing the file anywhere."""

import socket
import struct
from enum import Enum
from urllib.parse import urlsplit

PIECE = 1 << 16
SECONDS = 30


class Verdict(Enum):
    """What the scanner said."""

    NOT_ASKED = "not asked"  # no scanner is named in the settings
    CLEAN = "clean"
    FOUND = "found"
    SILENT = "silent"  # it didn't answer, or said something else: never the same as clean


def scan(data: bytes, address: str) -> Verdict:
    """What clamd at `address` (`unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`) says of the bytes (INSTREAM)."""
    if not address:
        return Verdict.NOT_ASKED
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), PIECE):
                piece = data[at : at + PIECE]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            return _understood(line.makefile("rb").read(4096))
    except (OSError, ValueError):
        return Verdict.SILENT


def _connected(address: str) -> socket.socket:
    """A line to the scanner. Raises OSError when it doesn't answer, ValueError for an address that can't be understood."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(parts.path)
        return line
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
    raise ValueError("The scanner's address begins with unix: or tcp://.")


def _understood(answer: bytes) -> Verdict:
    said = answer.rstrip(b"\0\r\n ")
    if said == b"stream: OK":
        return Verdict.CLEAN
    return Verdict.FOUND if said.endswith(b" FOUND") else Verdict.SILENT
