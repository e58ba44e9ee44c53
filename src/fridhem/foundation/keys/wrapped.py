"""A 32-byte key, sealed to a zone: anyone with the zone's public half wraps it, only the key service unwraps it."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from fridhem.foundation.keys.refusals import Unopenable

KEY_BYTES = 32
NAME_BYTES = 32


@dataclass(frozen=True)
class Wrapped:
    """A key sealed to `version` of the public half of `zone`. The name lies inside, so it opens under no other name."""

    zone: str
    name: str
    version: int
    box: bytes

    def to_list(self) -> list[Any]:
        """As it goes over the wire."""
        return [self.zone, self.name, self.version, b64encode(self.box).decode()]


def from_list(data: list[Any]) -> Wrapped:
    """What `to_list` wrote."""
    zone, name, version, box = data
    return Wrapped(str(zone), str(name), int(version), b64decode(box))


def wrap(key: bytes, to: PublicKey, *, tenant: str, zone: str, name: str, version: int) -> Wrapped:
    """Seal `key` (32 bytes) under its name (X25519 and XSalsa20-Poly1305, libsodium's sealed box)."""
    if len(key) != KEY_BYTES:
        raise ValueError("A key has 32 bytes.")
    return Wrapped(zone, name, version, bytes(SealedBox(to).encrypt(_name(tenant, zone, name) + key)))


def unwrap(wrapped: Wrapped, by: SealedBox, *, tenant: str) -> bytes:
    """The key inside, when it lies under its own name. Raises `Unopenable`."""
    try:
        inside = by.decrypt(wrapped.box)
    except (CryptoError, ValueError, TypeError):
        raise Unopenable from None
    if len(inside) != NAME_BYTES + KEY_BYTES or inside[:NAME_BYTES] != _name(tenant, wrapped.zone, wrapped.name):
        raise Unopenable
    return inside[NAME_BYTES:]


def _name(tenant: str, zone: str, name: str) -> bytes:
    """Where a key belongs, as 32 bytes: neither tenant nor zone holds a bar, so no two places read the same."""
    place = f"{tenant}|{zone}|{name}".encode()
    return blake2b(place, digest_size=NAME_BYTES, person=b"fridhem wrapped").digest()
