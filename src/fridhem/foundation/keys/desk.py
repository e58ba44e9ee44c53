"""What the key service does with one question: may this face, is it within the limits, write it down, then open.

The order is the promise: the journal's line stands before any key leaves.
"""

import hmac
import json
import os
import threading
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey, SealedBox
from pyrage import x25519

from fridhem.foundation.keys import journal, vault
from fridhem.foundation.keys.anchors import Anchors
from fridhem.foundation.keys.forgotten import Forgotten
from fridhem.foundation.keys.limits import Limits
from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.refusals import KeyMissing, KeysAway, TooMany, Unopenable
from fridhem.foundation.keys.wrapped import Wrapped, from_list, unwrap, wrap

RIGHTS: Mapping[str, Mapping[str, Any]] = json.loads(Path(__file__).with_name("rights.json").read_text())
CAPABILITY_SECONDS = 300  # a question older than this isn't answered
MOST_AT_ONCE = 5000
FINGERPRINT_BYTES = 16


class Desk:
    """Answers the questions of the faces with the keys of one vault."""

    def __init__(self, place: Place, identity: x25519.Identity, *, copy: Path | None = None) -> None:
        self.place = place
        self._vault_file = str(place.vault)
        self.identity = identity
        self.began = datetime.now(UTC)
        self._lock = threading.Lock()
        self._take_up()
        self.journal = journal.Journal(place.journal, self.vault.journal, copy)
        self.journal.open()
        self.forgotten = Forgotten(place.forgotten, self.vault.journal)
        self.anchors = Anchors(place.folder / "anchors.jsonl")
        self.limits = Limits(place.limits)
        self._recount()
        self.journal.write("vault", versions=self._versions(), torn=self.journal.torn)

    def answer(self, face: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question that was sealed with the face's own token."""
        try:
            return {"ok": self._do(face, asked)}
        except TooMany as error:
            return {"no": "many", "said": str(error), "zone": error.zone, "wait": error.wait, "whose": error.whose}
        except KeysAway as error:
            return {"no": "away", "said": str(error)}
        except KeyMissing as error:
            return {"no": "missing", "said": str(error)}
        except Unopenable as error:
            return {"no": "unopenable", "said": str(error), "opened": _texts(error.opened)}
        except journal.JournalFull as error:
            return {"no": "away", "said": f"{error.strerror or error} So nothing is opened."}
        except (KeyError, ValueError, TypeError, AttributeError):
            return {"no": "missing", "said": "The key service didn't understand the question."}

    def close(self) -> None:
        """Stop writing."""
        self.journal.close()

    # ── the order: fresh, allowed, within limits, written, done ──

    def _do(self, face: str, asked: Mapping[str, Any]) -> Any:
        self._take_up_if_changed()
        verb = asked["verb"]
        if asked.get("user") is not None:
            UUID(asked["user"])
        if abs(time.time() - asked["at"]) > CAPABILITY_SECONDS:
            self._refuse(face, asked, "stale", "The question is too old; are the clocks right?")
        if verb == "status":
            return self._status()
        if verb not in ("unwrap", "rewrap", "fingerprints", "anchor", "anchors", "forget"):
            raise ValueError
        return getattr(self, f"_{verb}")(face, asked)

    def _unwrap(self, face: str, asked: Mapping[str, Any]) -> list[str | None]:
        wrapped = [from_list(each) for each in asked["wrapped"]]
        for zone, names in self._by_zone(wrapped).items():
            self._allow(face, asked, zone, names)
        keys = [self._open(each) for each in wrapped]
        return _texts(self._all(face, asked, wrapped, keys))

    def _rewrap(self, face: str, asked: Mapping[str, Any]) -> list[list[Any]]:
        """To the newest version, so that the old one can be destroyed. No key leaves, so no limit holds it back."""
        wrapped = [from_list(each) for each in asked["wrapped"]]
        for zone, names in self._by_zone(wrapped).items():
            self._allow(face, asked, zone, names, of=None)
        try:
            keys = self._all(face, asked, wrapped, [self._open(each) for each in wrapped])
        except Unopenable as refused:
            raise Unopenable(str(refused)) from None  # without the others' keys: none leaves by this door
        return [self._wrap(each, key).to_list() for each, key in zip(wrapped, keys, strict=True)]

    def _fingerprints(self, face: str, asked: Mapping[str, Any]) -> list[str]:
        """What is looked for is written down as a number of values only: the values are what the index hides."""
        zone, values = asked["zone"], [str(value).encode() for value in asked["values"]]
        key = self.vault.index.get(zone)
        prints = [hmac.digest(key, value, "sha256")[:FINGERPRINT_BYTES] for value in values] if key else []
        self._allow(face, asked, zone, [b64encode(each).decode() for each in prints], of="searches")
        return [text for text in _texts(prints) if text]

    def _forget(self, face: str, asked: Mapping[str, Any]) -> None:
        zone, names = asked["zone"], [str(name) for name in asked["names"]]
        self._allow(face, asked, zone, names, of=None)
        self.forgotten.add(zone, names)

    def _anchor(self, face: str, asked: Mapping[str, Any]) -> None:
        self._check_right(face, asked, "audit")
        digest = bytes.fromhex(asked["digest"])
        line = self.journal.write("anchor", face=face, chain=str(asked["chain"]), n=int(asked["n"]), digest=digest.hex())
        self.anchors.add(line)

    def _anchors(self, face: str, asked: Mapping[str, Any]) -> list[list[Any]]:
        self._check_right(face, asked, "audit")
        return self.anchors.of(asked["chain"], after=int(asked["after"]))

    def _status(self) -> dict[str, Any]:
        return {
            "tenant": self.vault.tenant,
            "versions": self._versions(),
            "since": self.began.isoformat(timespec="seconds"),
            "journal": self.journal.seq,
            "torn": self.journal.torn,
            "forgotten": len(self.forgotten),
            "copy": str(self.journal.copy or ""),
            "copy_trouble": self.journal.copy_trouble,
        }

    # ── who may, how much, and say so ──

    def _allow(
        self,
        face: str,
        asked: Mapping[str, Any],
        zone: str,
        names: Sequence[str],
        *,
        of: str | None = "objects",
    ) -> None:
        """Check right and limit (`of`: which ones, None for none), and write the line. Searched values are never written."""
        self._check_right(face, asked, zone, count=len(names))
        if len(names) > MOST_AT_ONCE:
            self._refuse(face, asked, "right", f"At most {MOST_AT_ONCE} at once.", zone=zone, count=len(names))
        if of:
            try:
                self.limits.spend(of, zone, names, face=face, person=_person(face, asked.get("user")), now=time.time())
            except TooMany as error:
                self._write("refused", face, asked, zone=zone, why="many", count=len(names), wait=error.wait, whose=error.whose)
                raise
        what: dict[str, Any] = {"count": len(names)} if of == "searches" else {"names": list(names)}
        self._write(asked["verb"], face, asked, zone=zone, **what)

    def _check_right(self, face: str, asked: Mapping[str, Any], zone: str, *, count: int = 1) -> None:
        if zone not in RIGHTS.get(face, {}).get(asked["verb"], ()):
            said = f"The process {face or 'without name'} may not ask for this in the zone {zone}."
            self._refuse(face, asked, "right", said, zone=zone, count=count)

    def _refuse(self, face: str, asked: Mapping[str, Any], why: str, said: str, **more: Any) -> None:
        self._write("refused", face, asked, why=why, **more)
        raise KeyMissing(said)

    def _write(self, verb: str, face: str, asked: Mapping[str, Any], **more: Any) -> None:
        asked_for = {} if verb == asked["verb"] else {"asked": str(asked["verb"])[:40]}
        user, purpose = asked.get("user"), str(asked.get("purpose") or "")[:200]
        self.journal.write(verb, face=face, user=user, purpose=purpose, **asked_for, **more)

    # ── the keys ──

    def _open(self, wrapped: Wrapped) -> bytes | None:
        """The key, None when it is damaged, lies under another name or is forgotten."""
        box = self._boxes.get((wrapped.zone, wrapped.version))
        if box is None or self.forgotten.has(wrapped.zone, wrapped.name):
            return None
        try:
            return unwrap(wrapped, box, tenant=self.vault.tenant)
        except Unopenable:
            return None

    def _all(
        self, face: str, asked: Mapping[str, Any], wrapped: Sequence[Wrapped], keys: Sequence[bytes | None]
    ) -> Sequence[bytes]:
        """All keys, or the refusal that says which could not be opened."""
        closed = [each for each, key in zip(wrapped, keys, strict=True) if key is None]
        if not closed:
            return [key for key in keys if key is not None]
        for zone, names in self._by_zone(closed).items():
            self._write("unopenable", face, asked, zone=zone, names=names)
        gone = sorted({each.version for each in closed if (each.zone, each.version) not in self._boxes})
        said = f"This can't be opened: the key version {gone[0]} is retired or unknown." if gone else "This can't be opened."
        raise Unopenable(said, keys)

    def _wrap(self, old: Wrapped, key: bytes) -> Wrapped:
        version = max(self.vault.pairs[old.zone])
        half = PublicKey(bytes(PrivateKey(self.vault.pairs[old.zone][version]).public_key))
        return wrap(key, half, tenant=self.vault.tenant, zone=old.zone, name=old.name, version=version)

    @staticmethod
    def _by_zone(wrapped: Sequence[Wrapped]) -> dict[str, list[str]]:
        zones: dict[str, dict[str, None]] = {}
        for each in wrapped:
            zones.setdefault(each.zone, {})[each.name] = None
        return {zone: list(names) for zone, names in zones.items()}

    # ── the vault may change while we serve: rotated, or a version retired ──

    def _take_up(self) -> None:
        stamp = _stamp(self._vault_file)
        held = vault.load(self.place, self.identity)
        self._boxes = {
            (zone, version): SealedBox(PrivateKey(half))
            for zone, versions in held.pairs.items()
            for version, half in versions.items()
        }
        self.vault = held
        self._stamp = stamp

    def _take_up_if_changed(self) -> None:
        if _stamp(self._vault_file) == self._stamp:
            return
        with self._lock:
            if _stamp(self._vault_file) != self._stamp:
                try:
                    self._take_up()
                except vault.VaultClosed as error:
                    raise KeysAway(f"The vault has another key now; restart the key service. ({error})") from None
                self.journal.write("vault", versions=self._versions())

    def _versions(self) -> dict[str, list[int]]:
        return {zone: sorted(versions) for zone, versions in self.vault.pairs.items()}

    def _recount(self) -> None:
        """Count the last hour's openings from the journal: a restart is no way around a limit."""
        for line in journal.since(self.place.journal, datetime.now(UTC) - timedelta(hours=1)):
            of = {"unwrap": "objects", "fingerprints": "searches"}.get(line["verb"])
            if of:
                names = line.get("names") or [f"{line['seq']}:{number}" for number in range(line.get("count", 0))]
                at = datetime.fromisoformat(line["at"]).timestamp()
                self.limits.recount(of, line["zone"], names, face=line["face"], person=_person(line["face"], line["user"]), at=at)


def _person(face: str, user: str | None) -> str | None:
    """On whose account it goes: the user's; in a face that serves people, someone's even when nobody is named."""
    return user or ("nobody" if RIGHTS.get(face, {}).get("for_people") else None)


def _stamp(path: str) -> tuple[int, int]:
    """Another one whenever the file has been written anew."""
    stat = os.stat(path)
    return stat.st_mtime_ns, stat.st_ino


def _texts(keys: Sequence[bytes | None]) -> list[str | None]:
    return [None if key is None else b64encode(key).decode() for key in keys]
