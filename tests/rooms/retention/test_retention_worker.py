"""A list carried out by the worker's own process and role, killed and begun again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.models import Person, ProtectedDetail, Reveal
from fridhem.rooms.retention.models import Line, Proof
from tests.factories import accounts, retention

pytestmark = pytest.mark.django_db(transaction=True)

WORK = """
import django; django.setup()
import datetime, sys
from uuid import UUID
from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.retention import actions
print("begun", flush=True)
with as_the_house("retention.carry_out"):
    actions.carry_out(UUID(sys.argv[1]), clock=lambda: datetime.datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def worker(test_house, tmp_path):
    """Start a process with the worker's secrets and role on the test's database: `worker(list_id)`."""
    own = json.loads(test_house.face("worker").read_text())
    address = urlsplit(own["database_url"])
    own["database_url"] = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    secrets = tmp_path / "worker.json"
    secrets.write_text(json.dumps(own))
    environment = {**os.environ, "FRIDHEM_SECRETS": str(secrets), "FRIDHEM_MUNICIPALITY_CODE": "9999"}

    def start(found):
        words = [sys.executable, "-c", WORK, str(found.pk), retention.TODAY.isoformat()]
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        return process

    return start


def test_the_workers_role_may_do_all_that_a_disposal_needs(worker):
    by = retention.leader()
    case = retention.closed_case(by=by)
    person = Person.objects.get(pk=case.person_id)
    detail = persons.add_detail(person, by=by, at=retention.LONG_AGO, kind="address", value="Gömstigen 1")
    persons.change_detail(detail, by=by, at=retention.LONG_AGO, value="Gömstigen 2")
    persons.reveal_detail(detail, by=by, at=retention.LONG_AGO, reason="contact", words="Hon bad mig ringa.")
    found = retention.approved()

    assert worker(found).wait(120) == 0

    assert [line.status for line in Line.objects.all()] == ["disposed"]
    assert [model.objects.count() for model in (Case, Person, ProtectedDetail, Reveal, Proof)] == [0, 0, 0, 0, 1]


@pytest.mark.slow
def test_a_worker_that_is_killed_again_and_again_destroys_each_matter_exactly_once(worker):
    by, chance = retention.leader(), random.Random("kill")
    cases = [retention.closed_case(by=by) for _ in range(10)]
    kept = retention.closed_case(by=by, at=retention.TODAY)
    found = retention.approved()

    for kill in range(1, 4):
        process = worker(found)
        while Proof.objects.count() < 2 * kill:
            assert process.poll() is None, "the worker was done before it could be killed"
            time.sleep(chance.random() / 100)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    left = Case.objects.count() - 1
    assert left > 0, "the worker was never killed while it worked"
    assert worker(found).wait(120) == 0

    found.refresh_from_db()
    assert found.status == "done"
    assert set(Line.objects.values_list("status", flat=True)) == {"disposed"}
    assert (Proof.objects.count(), Proof.objects.values("line").distinct().count()) == (len(cases), len(cases))
    assert list(Case.objects.values_list("pk", flat=True)) == [kept.pk]


def test_the_workers_role_can_not_change_a_proof(worker, test_house):
    import psycopg

    retention.closed_case()
    worker(retention.approved()).wait(120)
    own = json.loads(test_house.face("worker").read_text())
    address = urlsplit(own["database_url"])
    url = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))

    for statement in ("UPDATE retention_proof SET law = ''", "DELETE FROM retention_proof", "TRUNCATE retention_proof CASCADE"):
        with psycopg.connect(url) as own_connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            own_connection.execute(statement)
    assert accounts.user(Role.ADMINISTRATOR) and Proof.objects.count() == 1
