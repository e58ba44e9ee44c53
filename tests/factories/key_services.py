"""A key service of one's own: a real process with a vault, without Django and database."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fridhem.foundation.keys import child, escrow, vault
from fridhem.foundation.keys.client import KeyService
from fridhem.foundation.keys.limits import LOOK_SECONDS
from fridhem.foundation.keys.place import Place, write_json

FACES = ("staff", "worker", "owner")


@dataclass
class Own:
    """A house's key service, and the faces that ask it."""

    place: Place
    tokens: dict[str, bytes]
    copy: Path | None = None
    running: child.Child | None = None

    def start(self) -> None:
        self.running = child.start(self.place, copy=self.copy)

    def kill(self) -> None:
        assert self.running
        self.running.process.kill()
        self.running.process.wait()

    def stop(self) -> None:
        if self.running:
            self.running.stop()

    def asked_by(self, face: str) -> KeyService:
        return KeyService(self.place.public, self.place.socket_path(), self.tokens[face], face)

    def vault(self) -> vault.Vault:
        return vault.load(self.place, vault.read_key_file(self.place.key_file))

    def limit(self, **objects: int) -> None:
        """Other limits for a person's hour: zone → objects."""
        rows = [
            {"of": of, "zone": zone, "whose": whose, "most": most, "seconds": seconds, "from": "2026-01-01", "reason": "a test"}
            for zone, most in objects.items()
            for of in ("objects", "searches")
            for whose, seconds in (("person", 3600), ("person", 60), ("face", 3600), ("house", 3600))
        ]
        self.place.limits.write_text(json.dumps({"limits": rows}))
        time.sleep(2 * LOOK_SECONDS)  # until it counts


def make(folder: Path) -> Own:
    place = Place(folder)
    escrow.keep(vault.new(), place, vault.make_key_file(place.key_file))
    tokens = {face: secrets.token_bytes(32) for face in FACES}
    write_json(place.faces, {"tokens": {face: token.hex() for face, token in tokens.items()}})
    return Own(place, tokens)


@pytest.fixture
def new_service(tmp_path: Path) -> Iterator[Callable[[], Own]]:
    """Makes and starts key services, each with a vault of its own."""
    made: list[Own] = []

    def start() -> Own:
        own = make(tmp_path / f"house-{len(made)}" / "keys")
        made.append(own)
        own.start()
        return own

    yield start
    for own in made:
        own.stop()


@pytest.fixture
def own(new_service: Callable[[], Own]) -> Own:
    return new_service()
