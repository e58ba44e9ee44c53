"""C32: a zone's key is changed while readers and writers work; nothing fails, and nothing is left on the old key."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from fridhem.cli.house import House
from fridhem.cli.main import main
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto import rotation
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.database.acting import Acting, acting
from fridhem.foundation.keys.client import KeyService
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.persons import actions
from fridhem.rooms.persons.models import Person, ProtectedDetail
from tests.factories import accounts, intake, persons

READERS = WRITERS = 4
PEOPLE = 60


class Crowd:
    """Threads that do the same thing again and again, until they're told to stop."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.done: list[str] = []
        self.errors: list[str] = []
        self.threads: list[threading.Thread] = []

    def start(self, what: str, do: Callable[[], None]) -> None:
        self.threads.append(threading.Thread(target=self._work, args=(what, do)))
        self.threads[-1].start()

    def _work(self, what: str, do: Callable[[], None]) -> None:
        try:
            while not self.over.is_set():
                try:
                    with acting(Acting(uuid.uuid4(), "tests")):
                        do()
                    self.done.append(what)
                except Exception as error:  # noqa: BLE001 - every kind counts
                    self.errors.append(f"{what}: {type(error).__name__} {error}")
        finally:
            connection.close()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def renew_until_quiet(zone: str, test_house: House) -> tuple[int, int]:
    """What `fridhem keys renew` does, on the tests' own database; how many were renewed, and how many are left."""
    owner = json.loads(test_house.face("owner").read_text())["keys"]
    own = KeyService(Path(owner["public_file"]), Path(owner["socket"]), bytes.fromhex(owner["token"]), "owner")
    renewed = quiet = 0
    while quiet < 2:
        taken = sum(rotation.renew(zone, own))
        renewed += taken
        quiet = quiet + 1 if taken == 0 else 0
        time.sleep(0.3)
    return renewed, rotation.left(zone, own)


@pytest.mark.safety("C32")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["case", "protected", "intake"])
def test_a_key_is_changed_while_everybody_works(zone, proof, test_house):
    leader = accounts.user(Role.TEAM_LEADER)
    people = {persons.person(name=f"Namn {n}", address=f"Gatan {n}", by=leader).pk: n for n in range(PEOPLE)}
    concerns = {intake.concern(what=f"Oro {n}").pk: n for n in range(PEOPLE)}
    wrong: list[str] = []

    def read() -> None:
        for row in Person.objects.filter(pk__in=list(people)[:20]):
            if row.sealed_name != f"Namn {people[row.pk]}":
                wrong.append(str(row.pk))
        for detail in ProtectedDetail.objects.filter(person__in=list(people)[:10]):
            if detail.sealed_value != f"Gatan {people[detail.person_id]}":
                wrong.append(str(detail.pk))
        for concern in Concern.objects.filter(pk__in=list(concerns)[:20]):
            if concern.body["what"] != f"Oro {concerns[concern.pk]}":
                wrong.append(str(concern.pk))

    def write() -> None:
        made = persons.person(address="Nygatan 1", by=leader)
        actions.relate(made, by=leader, at=timezone.now(), other=persons.person(by=leader), kind="sibling")
        intake.concern()

    crowd = Crowd()
    for _ in range(READERS):
        crowd.start("read", read)
    for _ in range(WRITERS):
        crowd.start("write", write)
    time.sleep(0.5)
    old = key_service().newest(zone)
    assert main(["keys", "rotate", zone, "--data", str(test_house.data)]) == 0
    renewed, left = renew_until_quiet(zone, test_house)
    crowd.stop()
    assert main(["keys", "retire", zone, str(old), "--yes", "--data", str(test_house.data)]) == 0

    unreadable = 0
    with acting(Acting(uuid.uuid4(), "tests")):
        for row in Person.objects.all():
            unreadable += not row.sealed_name
        for concern in Concern.objects.all():
            unreadable += not concern.body["what"]
    for detail in ProtectedDetail.objects.all():
        with acting(Acting(uuid.uuid4(), "tests")):  # nobody may open more than a few of these
            unreadable += not detail.sealed_value
    proof.measured(
        f"{zone}: {renewed} keys renewed under {crowd.done.count('read')} readings and {crowd.done.count('write')} writings, "
        f"{len(crowd.errors)} errors, {len(wrong)} wrong, {left} left on the old key, {unreadable} unreadable without it"
    )
    assert (crowd.errors[:3], wrong, left, unreadable) == ([], [], 0, 0)
    assert renewed > PEOPLE / 2 and crowd.done.count("write") > 3
    assert not ObjectKey.objects.filter(zone=zone, version=old).exists()
