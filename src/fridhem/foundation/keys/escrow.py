"""The vault for any two of the custodians together, so that a lost passphrase isn't a lost life's work.

For each pair of custodians the whole vault lies in an age envelope to the one, inside an age envelope to the other. Any two open
theirs; one alone opens an envelope and finds another. No cryptography of our own, and nobody has to come to renew it: their
public halves are enough.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from fridhem.foundation.keys import vault as vaults
from fridhem.foundation.keys.place import Place, write_json, write_private
from fridhem.foundation.keys.vault import Vault, VaultClosed

FEWEST, MOST = 3, 7  # custodians: with two, the loss of one is the loss of all


@dataclass(frozen=True)
class Custodian:
    """Who keeps a key for the day when it's needed; `public` is its age recipient."""

    name: str
    public: str


def read_custodian(path: Path) -> Custodian:
    """A custodian by the file with the public half; the file's name is the custodian's. Raises `VaultClosed`."""
    try:
        found = re.search(r"^age1[0-9a-z]+$", path.read_text(), re.M)
    except OSError as error:
        raise VaultClosed(f"{path} can't be read: {error.strerror}.") from None
    if found is None:
        raise VaultClosed(f"{path} holds no public half (a line that begins with age1).")
    return Custodian(path.stem, found.group())


def appoint(place: Place, custodians: Sequence[Custodian], vault: Vault) -> int:
    """Let these custodians, and no others, recover the vault; how many envelopes there are. Raises `VaultClosed`."""
    if not FEWEST <= len(custodians) <= MOST:
        raise VaultClosed(f"Name {FEWEST} to {MOST} custodians: any two of them can recover, and one may be lost.")
    if len({each.public for each in custodians}) < len(custodians) or len({each.name for each in custodians}) < len(custodians):
        raise VaultClosed("Each custodian needs a key and a name of their own.")
    place.escrow.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_list(place, custodians, vault)
    return renew(place, vault)


def renew(place: Place, vault: Vault) -> int:
    """Seal the vault as it is now for each pair; how many envelopes there are (none without custodians)."""
    custodians = appointed(place)
    pairs = {f"{one.name}+{other.name}.age": (one, other) for one, other in combinations(custodians, 2)}
    for name, (one, other) in pairs.items():
        inner = pyrage.encrypt(vaults.to_bytes(vault), [x25519.Recipient.from_str(one.public)])
        write_private(place.escrow / name, pyrage.encrypt(inner, [x25519.Recipient.from_str(other.public)]))
    for path in place.escrow.glob("*.age"):
        if path.name not in pairs:
            path.unlink()
    if custodians:
        _write_list(place, custodians, vault)
    return len(pairs)


def appointed(place: Place) -> list[Custodian]:
    """The custodians of this vault."""
    return [Custodian(**each) for each in _list(place).get("custodians", ())]


def is_fresh(place: Place, versions: Mapping[str, Sequence[int]]) -> bool:
    """Whether the envelopes hold these versions of the zones' keys."""
    return bool(_list(place).get("versions") == {zone: sorted(numbers) for zone, numbers in versions.items()})


def recover(folder: Path, identities: Sequence[x25519.Identity]) -> Vault:
    """The vault from the envelopes in `folder`, with two custodians' keys. Raises `VaultClosed`."""
    envelopes = sorted(folder.glob("*.age"))
    if not envelopes:
        raise VaultClosed(f"There are no envelopes in {folder}.")
    for path in envelopes:
        for one, other in permutations(identities, 2):
            try:
                return vaults.from_bytes(pyrage.decrypt(pyrage.decrypt(path.read_bytes(), [other]), [one]))
            except pyrage.DecryptError:
                continue
    raise VaultClosed("These keys open none of the envelopes. It takes the keys of two different custodians.")


def keep(vault: Vault, place: Place, identity: x25519.Identity) -> None:
    """Write a changed vault: itself first, then the custodians' envelopes, and only then the public halves for use.

    So nothing is ever sealed to a key that a crash, or the loss of the passphrase, could take away.
    """
    vaults.store(vault, place, identity)
    renew(place, vault)
    vaults.publish(vault, place)


def _list(place: Place) -> dict[str, Any]:
    path = place.escrow / "custodians.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _write_list(place: Place, custodians: Sequence[Custodian], vault: Vault) -> None:
    write_json(
        place.escrow / "custodians.json",
        {
            "renewed": datetime.now(UTC).isoformat(timespec="seconds"),
            "custodians": [{"name": each.name, "public": each.public} for each in custodians],
            "versions": {zone: sorted(versions) for zone, versions in vault.pairs.items()},
        },
    )
