"""C06: what two people had destroyed can't be read again, neither in the house nor in a dump that was taken before."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import pytest
from django.db import connection
from psycopg import sql

from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.database import programs, roles
from fridhem.rooms.casework.models import Case
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.models import Person
from fridhem.rooms.retention import actions
from fridhem.rooms.retention.models import Proof
from tests.factories import retention
from tests.running import ROOT
from tests.safety import canaries
from tests.safety.canaries import Someone, someone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.safety("C06")]
COPY = "copy_of_before"
FOLK = 7
RESEARCH_DAYS = {"05", "15", "25"}  # files of those who were born then are kept for ever

# Open every sealed value that lies in a database, as its staff face could; say what was opened and how much was refused.
OPEN = """
import django; django.setup()
import json, uuid
from django.apps import apps
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import sealed_fields
from fridhem.foundation.database.acting import Acting, acting
opened, refused = [], 0
for model in apps.get_models():
    for field in sealed_fields(model):
        for row in model.objects.exclude(**{field.name: None}) if field.zone != "mailbox" else ():
            with acting(Acting(uuid.uuid4(), "tests")):
                try:
                    opened.append(json.dumps(getattr(row, field.name), ensure_ascii=False))
                except Unopenable:
                    refused += 1
print(json.dumps([opened, refused]))
"""


@pytest.fixture(autouse=True)
def fridkoping(settings):
    """A municipality where disposal is the rule."""
    settings.FRIDHEM_MUNICIPALITY_CODE = "9999"


@pytest.fixture
def dump(superuser, test_house) -> Iterator[Callable[..., bytes]]:
    """A dump of the database as it is now: `dump()`; poured into a database of its own too: `dump(to=NAME)`."""
    password = json.loads((test_house.data / "secrets.json").read_text())["passwords"]["postgres"]
    way = programs.environment(
        test_house.server.url(role="postgres", password=password, database=connection.settings_dict["NAME"])
    )

    def make(to: str = "") -> bytes:
        made = subprocess.run([programs.path("pg_dump", superuser)], env=way, capture_output=True, check=True).stdout
        if to:
            superuser.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(to), sql.Identifier(roles.OWNER)))
            psql, there = [programs.path("psql", superuser), "-q"], {**way, "PGDATABASE": to}
            subprocess.run(psql, env=there, input=made, capture_output=True, check=True)
        return made

    yield make
    superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY)))


@pytest.fixture
def opened(test_house, tmp_path: Path) -> Callable[[str], tuple[str, int]]:
    """What can be opened in a database of that name with today's keys: all that it says, and how many values are refused."""
    own = json.loads(test_house.face("tests").read_text())

    def look(database: str) -> tuple[str, int]:
        place = tmp_path / "thief.json"
        url = urlunsplit(urlsplit(own["database_url"])._replace(path=f"/{database}"))
        place.write_text(json.dumps({**own, "database_url": url}))
        environment = {**os.environ, "FRIDHEM_SECRETS": str(place)}
        said = subprocess.run(
            [sys.executable, "-c", OPEN], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stderr[-2000:]
        words, refused = json.loads(said.stdout)
        return "\n".join(words), refused

    return look


@pytest.fixture
def carry_out(as_face):
    """Do as the worker what the task does: only the worker's process may let keys be forgotten."""

    def do(found) -> None:
        with as_face("worker"):
            actions.carry_out(found.pk, clock=lambda: retention.TODAY)

    return do


def closed(told: Someone, *, at: dt.datetime) -> Case:
    """A case about someone, with protected details, closed on the day of `at`."""
    by = retention.leader()
    subject = persons.register(by=by, at=at, name=told.name, identity_number=told.numbers[0])
    for kind, value in (("address", told.address), ("phone", told.phone)):
        persons.add_detail(subject, by=by, at=at, kind=kind, value=value)
    return retention.closed_case(by=by, at=at, person_id=subject.pk, text=told.story, summary=told.story)


def told_in(text: str, folk: list[Someone]) -> set[str]:
    """Their words that stand in the text."""
    return {word for told in folk for word in told.canaries if word in text}


def test_what_two_people_destroyed_is_read_by_nobody_again(dump, opened, carry_out, superuser, proof):
    *folk, kept = [told for told in map(someone, range(FOLK)) if told.numbers[0][6:8] not in RESEARCH_DAYS]
    gone = [closed(told, at=retention.LONG_AGO) for told in folk]
    retention.closed_concern(what=folk[0].story)
    stays = closed(kept, at=retention.TODAY)
    names: list[UUID] = [case.pk for case in gone] + [case.person_id for case in gone]
    assert ObjectKey.objects.filter(subject__in=names).count() == len(names)
    before = dump(to=COPY)
    everything, refused = opened(COPY)
    assert told_in(everything, [*folk, kept]) == {word for told in (*folk, kept) for word in told.canaries}, "it could be read"
    assert refused == 0

    carry_out(retention.approved())

    assert list(Case.objects.values_list("pk", flat=True)) == [stays.pk]
    assert (Person.objects.count(), Concern.objects.count(), Proof.objects.count()) == (1, 0, len(folk) + 1)
    assert not ObjectKey.objects.filter(subject__in=names).exists()
    rest, closed_for_ever = opened(COPY)
    assert told_in(rest, folk) == set(), "what was destroyed opens in the copy of before"
    assert told_in(rest, [kept]) == set(kept.canaries), "what wasn't destroyed opens there as ever"
    words = [word for told in folk for word in told.canaries]
    assert canaries.search(words, [("dump of before", before), ("dump of after", dump())]) == set()
    proof.measured(
        f"{len(folk)} cases and a concern destroyed by two people: rows and {len(names)} keys gone; {closed_for_ever} values "
        f"in a dump of before opened then and are refused now, 0 of {len(words)} words in clear in either dump; a kept case opens"
    )
