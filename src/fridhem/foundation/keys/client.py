"""How a process asks for keys. It can wrap on its own, with the public halves; to unwrap it asks the key service.

Needs neither Django nor the database.
"""

import json
import os
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from nacl.public import PublicKey

from fridhem.foundation.keys import wire
from fridhem.foundation.keys.refusals import KeyMissing, KeysAway, TooMany, Unopenable
from fridhem.foundation.keys.wrapped import Wrapped, from_list, wrap

__all__ = ["Anchor", "KeyMissing", "KeyService", "KeysAway", "TooMany", "Unopenable", "Wrapped"]

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 10.0
PATIENCE = 2.0  # seconds to wait for a service that is being restarted
AT_ONCE = 1000  # objects in one question; more are asked for in several
IDLE_LINES = 16


@dataclass(frozen=True)
class Anchor:
    """Where a chain stood: its line number, that line's digest, and when the key service was told."""

    seq: int
    digest: bytes
    at: datetime


@dataclass(frozen=True)
class _Zone:
    newest: int
    public: Mapping[int, PublicKey]


class KeyService:
    """The key service as one process sees it; one object per process, for all its threads.

    `public`: the file with the zones' public halves. `socket`, `token`, `face`: where to ask and as whom; without them
    this process can wrap and nothing else.
    """

    def __init__(self, public: Path, socket: Path | None = None, token: bytes = b"", face: str = "") -> None:
        self._public = public
        self._path = socket
        self._token = token
        self._face = face
        self._lock = threading.Lock()
        self._stamp = (0, 0)
        self._tenant = ""
        self._zones: Mapping[str, _Zone] = {}
        self._idle: list[wire.Line] = []
        self._process = os.getpid()
        self._gave_up_at = 0.0

    # ── what needs public halves only ──

    @property
    def tenant(self) -> str:
        """The house's id, which everything that is sealed is bound to. Raises `KeyMissing`."""
        self._refresh()
        return self._tenant

    def newest(self, zone: str) -> int:
        """The newest version of the zone's public half. Raises `KeyMissing`."""
        return self._zone(zone).newest

    def wrap(self, zone: str, name: str, key: bytes) -> Wrapped:
        """Seal a 32-byte key to the zone under its name. Raises `KeyMissing`."""
        held = self._zone(zone)
        return wrap(key, held.public[held.newest], tenant=self._tenant, zone=zone, name=name, version=held.newest)

    # ── what the service does ──

    def unwrap(self, wrapped: Sequence[Wrapped], *, user: UUID | None, purpose: str) -> list[bytes]:
        """The keys inside, in the same order. `user` is who is to see what they open, None for the house itself.

        Raises `KeyMissing`, `KeysAway`, `TooMany`, and `Unopenable` (whose `opened` holds those that could be opened).
        """
        keys: list[bytes | None] = []
        refusal: Unopenable | None = None
        for some in _parts(wrapped):
            try:
                keys += map(b64decode, self._ask("unwrap", user, purpose, wrapped=[each.to_list() for each in some]))
            except Unopenable as error:
                keys += error.opened
                refusal = error
        if refusal:
            raise Unopenable(str(refusal), keys)
        return [key for key in keys if key is not None]

    def rewrap(self, wrapped: Sequence[Wrapped]) -> list[Wrapped]:
        """The same keys sealed to their zones' newest version, in the same order. Raises as `unwrap`, and opens nothing."""
        answers = [self._ask("rewrap", None, "rotation", wrapped=[each.to_list() for each in some]) for some in _parts(wrapped)]
        return [from_list(each) for answer in answers for each in answer]

    def fingerprints(self, zone: str, values: Sequence[str], *, user: UUID | None, purpose: str) -> list[bytes]:
        """The zone's keyed fingerprint (16 bytes) of each value, by which it can be found. The caller has normalised them."""
        answers = [self._ask("fingerprints", user, purpose, zone=zone, values=list(some)) for some in _parts(values)]
        return [b64decode(each) for answer in answers for each in answer]

    def anchor(self, chain: str, seq: int, digest: bytes) -> None:
        """Tell the journal that line `seq` of `chain` has this digest."""
        self._ask("anchor", None, "anchor", chain=chain, n=seq, digest=digest.hex())

    def anchors(self, chain: str, *, after: int = 0) -> list[Anchor]:
        """What the journal was told about lines after `after`, in order."""
        told = self._ask("anchors", None, "anchors", chain=chain, after=after)
        return [Anchor(seq, bytes.fromhex(digest), datetime.fromisoformat(at)) for seq, digest, at in told]

    def forget(self, zone: str, names: Sequence[str]) -> None:
        """Never open the keys under these names again, also when a backup brings them back. On disk when this returns."""
        for some in _parts(names):
            self._ask("forget", None, "disposal", zone=zone, names=list(some))

    def status(self) -> dict[str, Any]:
        """The house's id, the zones' versions, how far the journal has come, and what troubles the service."""
        return dict(self._ask("status", None, "status"))

    # ── public halves, read again when the file has changed ──

    def _zone(self, zone: str) -> _Zone:
        self._refresh()
        try:
            return self._zones[zone]
        except KeyError:
            raise KeyMissing(f"The zone {zone} has no public half.") from None

    def _refresh(self) -> None:
        try:
            stat = os.stat(self._public)
        except FileNotFoundError:
            raise KeyMissing(f"There are no public keys at {self._public}; run `fridhem prepare`.") from None
        if (stat.st_mtime_ns, stat.st_ino) != self._stamp:
            self._read((stat.st_mtime_ns, stat.st_ino))

    def _read(self, stamp: tuple[int, int]) -> None:
        told = json.loads(self._public.read_text())
        zones = {
            zone: _Zone(said["newest"], {int(version): PublicKey(b64decode(half)) for version, half in said["public"].items()})
            for zone, said in told["zones"].items()
        }
        self._tenant, self._zones, self._stamp = told["tenant"], zones, stamp

    # ── questions and answers ──

    def _ask(self, verb: str, user: UUID | None, purpose: str, **more: Any) -> Any:
        if self._path is None or not self._token:
            raise KeyMissing("This process may not ask the key service for anything.")
        asked = {"verb": verb, "at": time.time(), "user": str(user) if user else None, "purpose": purpose, **more}
        try:
            answer = self._exchange(asked)
        except OSError as error:
            raise KeysAway("The key service doesn't answer. Nothing is lost; try again in a moment.") from error
        if "ok" in answer:
            return answer["ok"]
        raise _refusal(answer)

    def _exchange(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask on a line that is open already; when the service has been restarted since, on a fresh one."""
        while line := self._take_idle():
            try:
                return self._over(line, asked)
            except (wire.Broken, BrokenPipeError, ConnectionResetError):
                continue
        return self._over(self._connect(), asked)

    def _over(self, line: wire.Line, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """One question and its answer; the line is kept for the next one when all went well."""
        try:
            line.send(asked, wire.ASK)
            answer = line.receive(wire.ANSWER)
            if answer is None:
                raise wire.Broken("The key service hung up.")
        except BaseException:
            line.close()
            raise
        line.count += 1
        with self._lock:
            if len(self._idle) < IDLE_LINES:
                self._idle.append(line)
                return dict(answer)
        line.close()
        return dict(answer)

    def _take_idle(self) -> wire.Line | None:
        with self._lock:
            if self._process != os.getpid():  # a fork may not speak on its parent's lines
                self._idle, self._process = [], os.getpid()
            return self._idle.pop() if self._idle else None

    def _connect(self) -> wire.Line:
        """A fresh line, waiting a moment for a service that is being restarted. Raises `OSError`."""
        deadline = time.monotonic() + (PATIENCE if time.monotonic() > self._gave_up_at + PATIENCE else 0)
        while True:
            try:
                return self._dial()
            except (FileNotFoundError, ConnectionRefusedError, wire.Broken):
                if time.monotonic() >= deadline:
                    self._gave_up_at = time.monotonic()
                    raise
                time.sleep(0.02)

    def _dial(self) -> wire.Line:
        dialled = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            dialled.settimeout(CONNECT_SECONDS)
            dialled.connect(str(self._path))
            if wire.peer_uid(dialled) not in {0, os.geteuid(), os.stat(self._public).st_uid}:
                raise PermissionError("Someone else answers in the key service's place.")
            line = wire.greet(dialled, self._face, self._token)
            dialled.settimeout(ANSWER_SECONDS)
        except BaseException:
            dialled.close()
            raise
        return line


def _refusal(answer: Mapping[str, Any]) -> Exception:
    said = str(answer["said"])
    match answer["no"]:
        case "many":
            return TooMany(answer["zone"], int(answer["wait"]), answer["whose"])
        case "unopenable":
            return Unopenable(said, [None if key is None else b64decode(key) for key in answer["opened"]])
        case "away":
            return KeysAway(said)
        case _:
            return KeyMissing(said)


def _parts(things: Sequence[Any]) -> list[Sequence[Any]]:
    return [things[i : i + AT_ONCE] for i in range(0, len(things), AT_ONCE)]
