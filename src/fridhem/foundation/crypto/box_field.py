"""A sealed field that a process can fill without being able to open it.

A `SealedField` belongs to an object whose key must be opened before more is sealed. A box has a key of its own that lies in
it, sealed to the zone's public half: so the public face can take in what it can never read again.
"""

import json
from typing import Any, NamedTuple

from django.db import models
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.public import PublicKey
from nacl.utils import random

from fridhem.foundation.crypto import boxes
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import NONCE, Sealed, SealedField
from fridhem.foundation.crypto.object_keys import KEY
from fridhem.foundation.crypto.service import asking, key_service
from fridhem.foundation.database.acting import current
from fridhem.foundation.keys.client import Wrapped

MARK = b"box\x01"
VERSION = 2  # bytes that name the version of the zone's key
LENGTH = 2  # bytes that tell how long the sealed key is


class Parts(NamedTuple):
    """A box taken apart: the sealed key with its version, and what it closes."""

    version: int
    key: bytes
    rest: bytes

    def joined(self) -> Sealed:
        """The box put together again."""
        head = self.version.to_bytes(VERSION, "big") + len(self.key).to_bytes(LENGTH, "big")
        return Sealed(MARK + head + self.key + self.rest)


def apart(box: bytes) -> Parts:
    """Take a box apart. Raises `Unopenable` when it isn't one for a zone."""
    start = len(MARK) + VERSION + LENGTH
    if box[: len(MARK)] != MARK or len(box) < start:
        raise Unopenable("This value can't be opened.")
    long = int.from_bytes(box[start - LENGTH : start], "big")
    version = int.from_bytes(box[len(MARK) : len(MARK) + VERSION], "big")
    return Parts(version, box[start : start + long], box[start + long :])


class BoxField(SealedField):
    """A JSON value in a box to `zone`, opened when it is asked for.

    The row and column are bound to the box: one that was moved elsewhere is refused, not misread. A column whose boxes go to
    someone outside the house (a sender's own mailbox) is given a zone that nobody here has, and rows get what `sealed_to` made.
    """

    _pyi_private_get_type: Any  # for the type checker: what is opened is any JSON value
    _pyi_private_set_type: Any

    def seal(self, value: Any, row: models.Model, *, is_new: bool = False) -> Sealed:
        """The box of `value` for this column of `row`. Needs no more than the zone's public half."""
        key, nonce = random(KEY), random(NONCE)
        wrapped = key_service().wrap(self.zone, self.place(row), key)
        body = crypto_aead_xchacha20poly1305_ietf_encrypt(boxes.padded(value), self._bound(row), nonce, key)
        if (who := current()) is not None:
            who.drawer[self._drawer(row, wrapped.version, wrapped.box)] = key
        return Parts(wrapped.version, wrapped.box, nonce + body).joined()

    def sealed_to(self, key: PublicKey, value: Any, row: models.Model) -> Sealed:
        """The box of `value` to any public key, ready to be set on `row`."""
        return Sealed(boxes.seal({"place": self.place(row), "value": value}, key))

    def open(self, sealed: bytes, row: models.Model) -> Any:
        """What `seal` closed. Raises `Unopenable` when it is damaged or was moved, `KeyMissing` as the key service says."""
        parts = apart(sealed)
        who = current()
        key = who.drawer.get(self._drawer(row, parts.version, parts.key)) if who else None
        if key is None:
            (key,) = key_service().unwrap([self.wrapped(parts, row)], **asking())
            self.keep(key, parts, row)
        nonce, body = parts.rest[:NONCE], parts.rest[NONCE:]
        try:
            return json.loads(crypto_aead_xchacha20poly1305_ietf_decrypt(body, self._bound(row), nonce, key))
        except (CryptoError, TypeError, ValueError):
            raise Unopenable("This value can't be opened.") from None

    def wrapped(self, parts: Parts, row: models.Model) -> Wrapped:
        """The box's key as the key service knows it."""
        return Wrapped(self.zone, self.place(row), parts.version, parts.key)

    def keep(self, key: bytes, parts: Parts, row: models.Model) -> None:
        """Keep an opened key at hand for this row."""
        who = current()
        assert who is not None
        who.drawer[self._drawer(row, parts.version, parts.key)] = key

    def place(self, row: models.Model) -> str:
        """Where a box belongs: table, row and column."""
        return f"{row._meta.db_table}|{row.pk}|{self.column}"

    def _bound(self, row: models.Model) -> bytes:
        return "|".join((key_service().tenant, self.zone, self.place(row))).encode()

    def _drawer(self, row: models.Model, version: int, key: bytes) -> tuple[str, int, bytes]:
        return (self.place(row), version, key)


def opened(content: Any, place: str) -> Any:
    """The value in a mailbox's box, if the box stands where it was put. Raises `Unopenable`."""
    if not isinstance(content, dict) or content.get("place") != place:
        raise Unopenable("This value can't be opened.")
    return content["value"]
