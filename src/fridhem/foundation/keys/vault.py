"""The private keys of one house, and how they lie on disk: as an age file that one identity opens.

Every zone has keys of its own, drawn by themselves: knowing all of one zone's tells nothing about another's. Nothing is derived
from one common secret.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
from nacl.public import PrivateKey
from nacl.utils import random
from pyrage import passphrase, x25519

from fridhem.foundation.keys.place import Place, write_json, write_private

KEY_BYTES = 32
# zone → what it has: a pair, to seal object keys to; an index key, for fingerprints. Public and statistics hold no secrets; the
# audit zone has the journal's key only.
ZONES: dict[str, frozenset[str]] = {
    "public": frozenset(),
    "intake": frozenset({"pair", "index"}),
    "case": frozenset({"pair", "index"}),
    "protected": frozenset({"pair", "index"}),
    "partner": frozenset({"pair", "index"}),
    "audit": frozenset({"journal"}),
    "statistics": frozenset(),
}


class VaultClosed(RuntimeError):
    """The vault can't be opened, made or changed so; the message says why and what to do."""


@dataclass(frozen=True)
class Vault:
    """All private keys of a house. `tenant`: the house's id. `pairs`: zone → version → private half (32 bytes)."""

    tenant: str
    pairs: Mapping[str, Mapping[int, bytes]]
    index: Mapping[str, bytes]
    journal: bytes

    def public(self) -> dict[str, Any]:
        """What every process may know: the house's id and each zone's public halves."""
        zones = {
            zone: {
                "newest": max(versions),
                "public": {str(v): _text(bytes(PrivateKey(half).public_key)) for v, half in versions.items()},
            }
            for zone, versions in self.pairs.items()
        }
        return {"tenant": self.tenant, "zones": zones}


def new() -> Vault:
    """A vault with fresh keys for every zone."""
    return complete(Vault(tenant=uuid4().hex, pairs={}, index={}, journal=random(KEY_BYTES)))


def complete(vault: Vault) -> Vault:
    """The vault with keys for the zones that have come since it was made; the same object when none have."""
    pairs = {zone: {1: random(KEY_BYTES)} for zone, has in ZONES.items() if "pair" in has and zone not in vault.pairs}
    index = {zone: random(KEY_BYTES) for zone, has in ZONES.items() if "index" in has and zone not in vault.index}
    if not pairs and not index:
        return vault
    return replace(vault, pairs={**vault.pairs, **pairs}, index={**vault.index, **index})


def rotated(vault: Vault, zone: str) -> Vault:
    """The vault with a new version of the zone's pair; the older ones still open. Raises `VaultClosed`."""
    versions = _versions(vault, zone)
    return replace(vault, pairs={**vault.pairs, zone: {**versions, max(versions) + 1: random(KEY_BYTES)}})


def retired(vault: Vault, zone: str, version: int) -> Vault:
    """The vault without that private half: what is still sealed to it never opens again. Raises `VaultClosed`."""
    versions = _versions(vault, zone)
    if version not in versions:
        raise VaultClosed(f"The zone {zone} has no version {version}; it has {', '.join(map(str, sorted(versions)))}.")
    if version == max(versions):
        raise VaultClosed(f"Version {version} of the zone {zone} is in use: rotate first, rewrap, then retire it.")
    return replace(vault, pairs={**vault.pairs, zone: {v: half for v, half in versions.items() if v != version}})


def _versions(vault: Vault, zone: str) -> Mapping[int, bytes]:
    if zone not in vault.pairs:
        raise VaultClosed(f"No zone {zone} with keys of its own; there are {', '.join(sorted(vault.pairs))}.")
    return vault.pairs[zone]


def to_bytes(vault: Vault) -> bytes:
    """The vault as text, to be sealed at once."""
    return json.dumps(
        {
            "tenant": vault.tenant,
            "pairs": {zone: {str(v): _text(half) for v, half in versions.items()} for zone, versions in vault.pairs.items()},
            "index": {zone: _text(key) for zone, key in vault.index.items()},
            "journal": _text(vault.journal),
        }
    ).encode()


def from_bytes(text: bytes) -> Vault:
    """The vault that `to_bytes` wrote."""
    data = json.loads(text)
    return Vault(
        tenant=data["tenant"],
        pairs={
            zone: {int(version): b64decode(half) for version, half in versions.items()}
            for zone, versions in data["pairs"].items()
        },
        index={zone: b64decode(key) for zone, key in data["index"].items()},
        journal=b64decode(data["journal"]),
    )


def store(vault: Vault, place: Place, identity: x25519.Identity) -> None:
    """Write the vault, sealed."""
    place.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    write_private(place.vault, pyrage.encrypt(to_bytes(vault), [identity.to_public()]))


def publish(vault: Vault, place: Place) -> None:
    """Write the public halves, for every process to use."""
    write_json(place.public, vault.public(), mode=0o644)


def published(vault: Vault, place: Place) -> bool:
    """Whether the public halves in use are the vault's."""
    return place.public.exists() and bool(json.loads(place.public.read_text()) == vault.public())


def load(place: Place, identity: x25519.Identity) -> Vault:
    """Open the vault. Raises `VaultClosed`."""
    try:
        return from_bytes(pyrage.decrypt(place.vault.read_bytes(), [identity]))
    except FileNotFoundError:
        raise VaultClosed(f"There is no vault in {place.folder}. Make one with `fridhem keys init`.") from None
    except pyrage.DecryptError as error:
        raise VaultClosed(f"This key doesn't open the vault in {place.folder} ({error}).") from None


# ── the identity that opens the vault ──


def make_key_file(path: Path) -> x25519.Identity:
    """A new identity in a file for the owner's eyes only."""
    identity = x25519.Identity.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, f"# public half: {identity.to_public()}\n{identity}\n".encode())
    return identity


def read_key_file(path: Path) -> x25519.Identity:
    """The identity in an age key file. Raises `VaultClosed`."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        return x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET-KEY-")))
    except OSError as error:
        raise VaultClosed(f"The key file {path} can't be read: {error.strerror}.") from None
    except (StopIteration, UnicodeDecodeError, pyrage.IdentityError):
        raise VaultClosed(f"{path} is no age key file (it should have a line that begins with AGE-SECRET-KEY-).") from None


def lock_with_passphrase(identity: x25519.Identity, phrase: str, place: Place) -> None:
    """Keep the identity under a passphrase (scrypt, about a second)."""
    place.folder.mkdir(parents=True, exist_ok=True)
    write_private(place.locked, passphrase.encrypt(str(identity).encode(), phrase))


def unlock_with_passphrase(phrase: str, place: Place) -> x25519.Identity:
    """The identity that the passphrase guards. Raises `VaultClosed`."""
    try:
        return x25519.Identity.from_str(passphrase.decrypt(place.locked.read_bytes(), phrase).decode())
    except FileNotFoundError:
        raise VaultClosed(f"No passphrase opens this vault: there is no {place.locked.name} in {place.folder}.") from None
    except pyrage.DecryptError:
        raise VaultClosed("The passphrase is wrong.") from None


def _text(key: bytes) -> str:
    return b64encode(key).decode()
