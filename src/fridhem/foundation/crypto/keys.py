"""The keys of the zones: what each process holds decides what it can open.

A *zone* is a wall around one kind of secret. A sealing process holds public halves only; an opening
process also holds private halves and field keys. Keys are versioned: the newest seals, every known one opens.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from nacl.public import PrivateKey, PublicKey
from nacl.utils import random

from fridhem.foundation.keys.refusals import KeyMissing

__all__ = ["KeyMissing", "Keyring", "keyring", "load", "make"]

FIELD_KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """The keys that this process holds.

    public, private: zone → 32-byte X25519 halves. fields: zone → version → 32-byte field key. index: zone → blind index key.
    """

    public: Mapping[str, bytes] = field(default_factory=dict)
    private: Mapping[str, bytes] = field(default_factory=dict)
    fields: Mapping[str, Mapping[int, bytes]] = field(default_factory=dict)
    index: Mapping[str, bytes] = field(default_factory=dict)

    def public_half(self, zone: str) -> PublicKey:
        """The half that seals to `zone`. Raises `KeyMissing`."""
        return PublicKey(_held(self.public, zone))

    def private_half(self, zone: str) -> PrivateKey:
        """The half that opens what was sealed to `zone`. Raises `KeyMissing`."""
        return PrivateKey(_held(self.private, zone))

    def field_keys(self, zone: str) -> Mapping[int, bytes]:
        """Version → key of the sealed fields of `zone`. Raises `KeyMissing`."""
        return _held(self.fields, zone)

    def index_key(self, zone: str) -> bytes:
        """The key of the blind index of `zone`. Raises `KeyMissing`."""
        return _held(self.index, zone)


Key = TypeVar("Key")


def _held(keys: Mapping[str, Key], zone: str) -> Key:
    try:
        return keys[zone]
    except KeyError:
        raise KeyMissing(f"This process holds no key of that kind for the zone {zone}.") from None


def make(*, boxes: tuple[str, ...], fields: tuple[str, ...]) -> dict[str, Any]:
    """New keys as plain data for a key file: key pairs for the zones in `boxes`, field and index keys for those in `fields`."""
    pairs = {zone: PrivateKey.generate() for zone in boxes}
    return {
        "public": {zone: _text(bytes(pair.public_key)) for zone, pair in pairs.items()},
        "private": {zone: _text(bytes(pair)) for zone, pair in pairs.items()},
        "fields": {zone: {"1": _text(random(FIELD_KEY_BYTES))} for zone in fields},
        "index": {zone: _text(random(FIELD_KEY_BYTES)) for zone in fields},
    }


def load(data: Mapping[str, Any]) -> Keyring:
    """The keyring of a key file's data, as `make` wrote it, or of the part of it that a process was given."""
    return Keyring(
        public={zone: b64decode(key) for zone, key in data.get("public", {}).items()},
        private={zone: b64decode(key) for zone, key in data.get("private", {}).items()},
        fields={
            zone: {int(version): b64decode(key) for version, key in versions.items()}
            for zone, versions in data.get("fields", {}).items()
        },
        index={zone: b64decode(key) for zone, key in data.get("index", {}).items()},
    )


@cache
def keyring() -> Keyring:
    """The keyring that this process was started with."""
    return load(settings.FRIDHEM_KEYS)


def _text(key: bytes) -> str:
    return b64encode(key).decode()
