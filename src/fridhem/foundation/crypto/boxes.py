"""Sealed boxes: anyone with the public half can put something in, only the holder of the private half takes it out."""

import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from fridhem.foundation.keys.refusals import Unopenable

__all__ = ["Unopenable", "padded", "seal", "unseal"]

# A box's length must not tell how much was written: it grows in steps of this many bytes.
STEP = 2048


def seal(content: Any, to: PublicKey) -> bytes:
    """Seal `content` (anything JSON can hold) to the holder of the private half of `to`.

    Anonymous: nothing tells who sealed it (X25519 and XSalsa20-Poly1305, libsodium's sealed box).
    """
    return bytes(SealedBox(to).encrypt(padded(content)))


def padded(content: Any) -> bytes:
    """`content` as JSON, filled up with blanks to a whole number of steps."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % STEP)


def unseal(box: bytes, by: PrivateKey) -> Any:
    """Open what `seal` closed. Raises `Unopenable` when the box isn't for this key or isn't whole."""
    try:
        return json.loads(SealedBox(by).decrypt(bytes(box)))
    except (CryptoError, ValueError, TypeError):
        raise Unopenable("This can't be opened.") from None
