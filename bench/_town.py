"""A large municipality: 100,000 people with a case each, ten units, and one case with much in it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.files.taking_in import Cleaned
from fridhem.pure.identity import test_number
from fridhem.rooms.casework import actions
from fridhem.rooms.casework.actions import FormerCase, documents
from fridhem.rooms.persons import actions as persons
from fridhem.site.demonstration.people import FIRST, LAST
from tests.factories import accounts, casework

UNITS = 10


@dataclass(frozen=True)
class Town:
    """Who lives there, as (id, name, identity number); who leads the unit that a tenth belongs to; the case that is opened."""

    people: list[tuple[UUID, str, str]]
    leader: User
    number: str


def built(many: int) -> Town:
    """A town of so `many` people. Made by the rooms' own actions."""
    now = timezone.now()
    units = [accounts.unit(f"Enhet {n}") for n in range(UNITS)]
    leader = accounts.user(Role.TEAM_LEADER, unit=units[0])
    with as_the_house("bench"):
        people = list(told(many))
        rows = persons.register_many(people, by=leader, at=now)
        actions.take_over((_case(n, row.pk, units) for n, row in enumerate(rows)), by=leader, at=now)
    with accounts.at_work(leader, "bench"):
        number = _busy_case(leader, now)
    return Town([(row.pk, *one) for row, one in zip(rows, people, strict=True)], leader, number)


def told(many: int) -> Iterator[tuple[str, str]]:
    """So many people, as (name, identity number)."""
    chance = random.Random(7)
    for n in range(many):
        name = f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(LAST)}"
        yield name, test_number(date(1930, 1, 1) + timedelta(days=n // 20), n)


def _case(n: int, person: UUID, units: list[Unit]) -> FormerCase:

    day = date(2024, 1, 1) + timedelta(days=n % 500)
    return FormerCase(f"F-{n:06}", units[n % UNITS], "centrum", "adult", day, day, "finished", (), person)


def _busy_case(leader: User, now: datetime) -> str:
    """A family of four with six protected details, thirty notes, an intervention and three files."""
    someone = persons.register(by=leader, at=now, name="Ärla Humla", identity_number="19850709-9805", address="Ängsvägen 1")
    case = casework.case_at("follow_up", by=leader, at=now, unit=leader.unit, person_id=someone.pk, summary="Ringer själv.")
    for n, kind in enumerate(("child", "child", "partner")):
        other = persons.register(by=leader, at=now, name=f"Kaj{'aio'[n]} Humla", address=f"Ängsvägen {n}")
        persons.relate(someone, by=leader, at=now, other=other, kind=kind)
    for kind in ("phone", "school"):
        persons.add_detail(someone, by=leader, at=now, kind=kind, value=f"{kind} 1")
    for n in range(30):
        actions.write_note(case, by=leader, at=now, text=f"Samtal {n}. " + "Hon berättar hur veckan har varit. " * 8)
    for n in range(3):
        documents.add_document(case, taken=Cleaned("text/plain", b"text"), name=f"{n}.txt", by=leader, at=now)
    return case.number
