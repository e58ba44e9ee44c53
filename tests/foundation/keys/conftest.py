"""A key service of one's own: a real process with a vault, without Django and database."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest

from fridhem.foundation.keys import child, vault
from fridhem.foundation.keys.client import KeyService
from fridhem.foundation.keys.place import Place, write_json

FACES = ("staff", "worker", "owner")


@dataclass
class Own:
    """A house's key service, and the faces that ask it."""

    place: Place
    tokens: dict[str, bytes]
    copy: Path | None = None
    process: "Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        self.process = child.start(self.place, copy=self.copy)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def asked_by(self, face: str) -> KeyService:
        return KeyService(self.place.public, self.place.socket_path(), self.tokens[face], face)

    def vault(self) -> vault.Vault:
        return vault.load(self.place, vault.read_key_file(self.place.key_file))

    def limit(self, **objects: int) -> None:
        """Other limits for a person's hour: zone → objects."""
        rows = [
            {"zone": zone, "whose": whose, "objects": most, "seconds": seconds, "from": "2026-01-01", "reason": "a test"}
            for zone, most in objects.items()
            for whose, seconds in (("person", 3600), ("person", 60), ("face", 3600), ("house", 3600))
        ]
        self.place.limits.write_text(json.dumps({"limits": rows}))


def make(folder: Path) -> Own:
    place = Place(folder)
    vault.save(vault.new(), place, vault.make_key_file(place.key_file))
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
