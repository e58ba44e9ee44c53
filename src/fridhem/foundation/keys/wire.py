"""How a process and the key service talk: one frame there, one back, each sealed with the face's token.

The client says which face it is (32 bytes), the service answers with 16 random bytes. Then every frame is a length, an
HMAC-SHA-256 and JSON. The HMAC covers the random bytes, the frame's number and its direction: what was said on one connection
can't be said again on another, nor twice on the same.
"""

import hmac
import json
import os
import socket
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

HEAD = struct.Struct(">I32s")
NUMBER = struct.Struct(">Qc")
FACE_BYTES = 32
CHALLENGE_BYTES = 16
MOST_BYTES = 8 * 1024 * 1024
ASK, ANSWER = b"?", b"!"


class Broken(ConnectionError):
    """The other side went away in the middle, or isn't who it says."""


class Forged(Broken):
    """A frame wasn't sealed with the token."""


@dataclass
class Line:
    """One connection after the greeting; `read` is its buffered reader, `count` numbers the questions."""

    socket: socket.socket
    read: BinaryIO
    token: bytes
    challenge: bytes
    count: int = 0

    def send(self, content: Any, direction: bytes) -> None:
        """Send one frame."""
        body = json.dumps(content, separators=(",", ":")).encode()
        self.socket.sendall(HEAD.pack(len(body), self._mac(body, direction)) + body)

    def receive(self, direction: bytes) -> Any:
        """Receive one frame; None when the other side has hung up between two. Raises `Broken`."""
        head = self.read.read(HEAD.size)
        if not head:
            return None
        length, mac = HEAD.unpack(_whole(head, HEAD.size))
        if length > MOST_BYTES:
            raise Broken("A frame was too long.")
        body = _whole(self.read.read(length), length)
        if not hmac.compare_digest(mac, self._mac(body, direction)):
            raise Forged("A frame wasn't sealed with the token.")
        return json.loads(body)

    def close(self) -> None:
        """Hang up."""
        self.read.close()
        self.socket.close()

    def _mac(self, body: bytes, direction: bytes) -> bytes:
        return hmac.digest(self.token, self.challenge + NUMBER.pack(self.count, direction) + body, "sha256")


def greet(connected: socket.socket, face: str, token: bytes) -> Line:
    """The client's side of the greeting. Raises `Broken`."""
    connected.sendall(face.encode().ljust(FACE_BYTES, b"\0"))
    read = connected.makefile("rb")
    return Line(connected, read, token, _whole(read.read(CHALLENGE_BYTES), CHALLENGE_BYTES))


def be_greeted(connected: socket.socket) -> tuple[str, Line]:
    """The service's side: which face calls, and the line, whose token the caller sets. Raises `Broken`."""
    read = connected.makefile("rb")
    face = _whole(read.read(FACE_BYTES), FACE_BYTES).rstrip(b"\0").decode(errors="replace")
    challenge = os.urandom(CHALLENGE_BYTES)
    connected.sendall(challenge)
    return face, Line(connected, read, b"", challenge)


def peer_uid(connected: socket.socket) -> int:
    """The user id of the process at the other end, as the kernel knows it."""
    if hasattr(socket, "SO_PEERCRED"):
        size = struct.calcsize("3i")
        return int(struct.unpack("3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1])
    local_peercred, xucred = 1, struct.Struct("=IIh")  # macOS and the BSDs
    return int(xucred.unpack_from(connected.getsockopt(0, local_peercred, 76))[1])


def _whole(got: bytes, length: int) -> bytes:
    if len(got) < length:
        raise Broken("The connection broke off.")
    return got
