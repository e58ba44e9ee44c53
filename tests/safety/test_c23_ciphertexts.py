"""C23: a ciphertext that was damaged or moved to another row, column, table, zone, version or municipality opens nowhere."""

import json
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import models
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import Sealed, SealedField, sealed_fields
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.database.acting import Acting, acting
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework.models import Note
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.persons.models import Person, ProtectedDetail
from tests.factories import accounts, intake, persons
from tests.factories import casework as cases

TRIES = 10_000


@dataclass(frozen=True)
class Place:
    """One sealed value where it lies."""

    row: models.Model
    field: SealedField

    @property
    def held(self) -> bytes:
        return bytes(self.row.__dict__[self.field.attname])

    def opens(self, box: bytes) -> bool:
        """Whether anything at all comes out of `box` here."""
        try:
            self.field.open(Sealed(box), self.row)
        except Unopenable:
            return False
        return True


@pytest.fixture
def places(db) -> list[Place]:
    """Sealed values of several kinds, tables and zones, read back from the database."""
    leader = accounts.user(Role.TEAM_LEADER)
    for number in range(12):
        person = persons.person(name=f"Namn {number}", address=f"Gatan {number}", by=leader)
        case = cases.case(by=leader, person_id=person.pk)
        casework.write_note(case, by=leader, at=timezone.now(), text=f"Anteckning {number}")
        intake.concern(what=f"Oro {number}")
    rows = [*Person.objects.all(), *ProtectedDetail.objects.all(), *Note.objects.all(), *Concern.objects.all()]
    found = [Place(row, field) for row in rows for field in sealed_fields(type(row)) if field.zone != "mailbox"]
    return [place for place in found if place.row.__dict__[place.field.attname] is not None]


def flipped(place: Place, others: list[Place], chance: random.Random) -> bytes:
    bit = chance.randrange(len(place.held) * 8)
    whole = int.from_bytes(place.held, "big") ^ (1 << bit)
    return whole.to_bytes(len(place.held), "big")


def cut(place: Place, others: list[Place], chance: random.Random) -> bytes:
    return place.held[: chance.randrange(len(place.held))]


def swapped(place: Place, others: list[Place], chance: random.Random) -> bytes:
    return chance.choice([other for other in others if other != place]).held


def spliced(place: Place, others: list[Place], chance: random.Random) -> bytes:
    """The beginning of one and the end of another."""
    other = chance.choice([other for other in others if other.held != place.held]).held
    middle = chance.randrange(1, min(len(other), len(place.held)))
    return place.held[:middle] + other[middle:]


def of_another_version(place: Place, others: list[Place], chance: random.Random) -> bytes:
    """The same, said to be of another version of the key."""
    box = bytearray(place.held)
    at = chance.choice([4, 5] if box.startswith(b"box\x01") else [0, 1])
    box[at] ^= chance.randrange(1, 256)
    return bytes(box)


WAYS: tuple[Callable[[Place, list[Place], random.Random], bytes], ...] = (flipped, cut, swapped, spliced, of_another_version)


def tried(places: list[Place]) -> Iterator[tuple[str, bool]]:
    chance = random.Random(23)
    for number in range(TRIES):
        way, place = WAYS[number % len(WAYS)], chance.choice(places)
        wrong = way(place, places, chance)
        if wrong != place.held:
            yield way.__name__, place.opens(wrong)


@pytest.mark.safety("C23")
def test_no_damaged_or_moved_ciphertext_opens(places, proof):
    tables = {place.row._meta.db_table for place in places}
    assert all(place.opens(place.held) for place in places)

    outcomes = Counter(tried(places))

    opened = {way: count for (way, did_open), count in outcomes.items() if did_open}
    total = sum(outcomes.values())
    proof.measured(f"{sum(opened.values())} of {total} opened ({', '.join(way.__name__ for way in WAYS)}; {len(tables)} tables)")
    assert total > 0.99 * TRIES
    assert opened == {}


@pytest.mark.safety("C23")
def test_no_ciphertext_opens_under_another_objects_key_or_in_another_municipality(places, proof, settings, tmp_path):
    keys = {(key.zone, key.subject): key for key in ObjectKey.objects.all()}
    opened = 0
    for (zone, subject), key in keys.items():
        other = next(k for (z, s), k in keys.items() if (z, s) != (zone, subject))
        ObjectKey.objects.filter(pk=key.pk).update(box=bytes(other.box), version=other.version)
    sealed = [place for place in places if place.held[:3] != b"box"]
    for place in sealed:
        with acting(Acting(uuid.uuid4(), "tests")):
            opened += place.opens(place.held)

    told = json.loads(Path(settings.FRIDHEM_KEYS["public_file"]).read_text())
    elsewhere = tmp_path / "public.json"
    elsewhere.write_text(json.dumps({**told, "tenant": "another-municipality"}))
    settings.FRIDHEM_KEYS = {**settings.FRIDHEM_KEYS, "public_file": str(elsewhere)}
    key_service.cache_clear()
    abroad = sum(place.opens(place.held) for place in places)
    key_service.cache_clear()

    proof.measured(f"{opened} of {len(sealed)} under swapped keys, {abroad} of {len(places)} in another municipality")
    assert (opened, abroad) == (0, 0)
