"""A file's content sealed in pieces under a key of its own (libsodium's secretstream, XChaCha20-Poly1305).

A piece that was changed, moved, left out or taken from another file is refused. Who has the file's key opens it; where that
key lies decides who that is.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.exceptions import CryptoError

from fridhem.foundation.crypto.boxes import Unopenable

PIECE = 512 * 1024
STEP = 16 * 1024  # lengths grow in such steps, so that they tell little
MARK = b"\x80"
HEADER = 24

new_key = crypto_secretstream_xchacha20poly1305_keygen


def seal(data: bytes, key: bytes, file: UUID) -> Iterator[bytes]:
    """The pieces, in their order; the first begins with the stream's header."""
    padded = data + MARK
    padded += bytes(-len(padded) % STEP)
    state = crypto_secretstream_xchacha20poly1305_state()
    before = crypto_secretstream_xchacha20poly1305_init_push(state, key)
    for at in range(0, len(padded), PIECE):
        last = at + PIECE >= len(padded)
        tag = crypto_secretstream_xchacha20poly1305_TAG_FINAL if last else crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        piece = crypto_secretstream_xchacha20poly1305_push(state, padded[at : at + PIECE], file.bytes, tag)
        yield bytes(before) + bytes(piece)
        before = b""


def unseal(pieces: Iterable[bytes], key: bytes, file: UUID) -> bytes:
    """What `seal` closed. Raises `Unopenable` when a piece is damaged, moved or missing."""
    state = crypto_secretstream_xchacha20poly1305_state()
    opened, ended = [], False
    try:
        for number, piece in enumerate(pieces):
            if number == 0:
                crypto_secretstream_xchacha20poly1305_init_pull(state, piece[:HEADER], key)
                piece = piece[HEADER:]
            if ended or len(piece) < crypto_secretstream_xchacha20poly1305_ABYTES:
                raise ValueError("There is more than the end, or less than a piece.")
            data, tag = crypto_secretstream_xchacha20poly1305_pull(state, piece, file.bytes)
            opened.append(data)
            ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL
    except (CryptoError, ValueError, TypeError, RuntimeError):
        raise Unopenable("This file can't be opened.") from None
    if not ended:
        raise Unopenable("This file can't be opened.")
    return b"".join(opened).rstrip(b"\0").removesuffix(MARK)
