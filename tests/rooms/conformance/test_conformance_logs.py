"""A log from another system: read or refused with words, kept sealed until it's counted, and then gone."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.processes.logs import read_log
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.refusals import Denied
from fridhem.rooms.conformance import actions, logs, queries, report, tasks
from fridhem.rooms.conformance.enums import Status
from fridhem.rooms.conformance.models import Measurement
from fridhem.rooms.processes import queries as processes
from tests.factories import accounts, conformance
from tests.factories.processes import NUMBER, ROLES, chain

pytestmark = pytest.mark.django_db
AT = conformance.AT
TODAY = dt.date(2026, 11, 20)
CHAIN = read_process(chain("first", "second", "third"), roles=ROLES)


@pytest.fixture
def chained(monkeypatch):
    """Every process is the chain of three steps."""
    monkeypatch.setattr(processes, "definition", lambda key, number: CHAIN)
    monkeypatch.setattr(processes, "newest", lambda key, *, on: CHAIN)


@pytest.fixture
def counted(as_face):
    """Do as the worker what the task does: only the worker's process may let keys be forgotten."""

    def do(handed: Measurement) -> Measurement:
        with as_face("worker"):
            tasks.count(str(handed.pk))
        return Measurement.objects.get(pk=handed.pk)

    return do


def handed_in(text: str, by=None) -> Measurement:
    return actions.hand_in(read_log(text.encode(), on=TODAY), key="test", version=1, by=by or conformance.owner(), at=AT)


def test_what_is_kept_until_then_names_no_case_and_nothing_that_few_have():
    text = conformance.log(straight=5, without=0, with_cake=1) + "\nHEMLIG-0;Ringde Anna;2026-03-09 10:00;;Liten enhet;ja"

    kept = logs.reduced(read_log(text.encode(), on=TODAY), CHAIN)

    said = json.dumps(kept, ensure_ascii=False)
    assert [word for word in ("HEMLIG", "Anna", "tårta", "Liten enhet") if word in said] == []
    assert [event.activity for event in logs.restored(kept)[1].events] == ["first", "second", "third"]
    assert {case.unit for case in logs.restored(kept)} == {"Vuxen", ""}


def test_a_log_is_held_against_the_process_and_then_gone(chained, counted):
    handed = handed_in(conformance.log())
    with connection.cursor() as cursor:
        cursor.execute("SELECT log FROM conformance_measurement")
        sealed = bytes(cursor.fetchone()[0])
    kept = (b"first" in sealed, ObjectKey.objects.filter(subject=handed.pk).count())

    found = counted(handed)

    lines = {line.step: line for line in report.lines(queries.table_of(found), found.medians, {})}
    cases = queries.cases_of(found)
    assert kept == (False, 1)
    assert (found.status, found.log, ObjectKey.objects.filter(subject=handed.pk).count()) == (Status.READY, None, 0)
    assert (lines["second"].in_time, lines["second"].left_out, lines["second"].left_out_share) == (13, 6, 32)
    assert cases is not None
    assert (cases.value(), cases.value(case="followed"), cases.value(case="deviated")) == (19, 8, 11)
    assert found.unknown == [["Bjöd på tårta", 5]]


def test_what_few_cases_did_is_hidden_and_not_named(chained, counted):
    found = counted(handed_in(conformance.log(straight=12, without=2, with_cake=3)))

    second = report.lines(queries.table_of(found), found.medians, {})[1]
    cases = queries.cases_of(found)
    assert (second.left_out, second.left_out_share, found.unknown) == (None, None, [])
    assert cases is not None
    assert cases.value(case="deviated") == 5


def test_a_log_whose_key_is_gone_says_so(chained, counted):
    owner = conformance.owner()
    with accounts.at_work(owner):
        handed = handed_in(conformance.log(), by=owner)
    ObjectKey.objects.filter(subject=handed.pk).delete()

    found = counted(handed)

    assert (found.status, found.log) == (Status.FAILED, None)
    assert found.failure == "Loggen går inte längre att läsa: lämna in den igen."


def test_only_those_who_measure_hand_in_and_no_log_outlives_the_counting(chained):
    with pytest.raises(Denied):
        handed_in(conformance.log(), by=accounts.user(Role.CASEWORKER))
    handed = handed_in(conformance.log())

    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.filter(pk=handed.pk).update(status=Status.FAILED)


def page(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_pages_take_a_log_in_show_it_and_say_what_is_wrong_with_it(counted):
    client, owner = Client(), conformance.owner()
    client.force_login(owner)
    address = reverse("conformance:upload")
    good = conformance.log().replace("first", "assess_protection")
    bad = conformance.log().replace("2026-03-02 10:00", "i tisdags")

    refused = client.post(address, {"key": "vinr_adult", "file": SimpleUploadedFile("logg.csv", bad.encode())})
    taken = client.post(address, {"key": "vinr_adult", "file": SimpleUploadedFile("logg.csv", good.encode())})
    counted(Measurement.objects.get())

    assert (refused.status_code, "Rad 2: tiden går inte att läsa" in page(refused)) == (422, True)
    shown = page(client.get(taken["Location"]))
    assert [words for words in ("Följde processen", "Bjöd på tårta", "second", "HEMLIG") if words in shown] == [
        "Följde processen", "Bjöd på tårta", "second",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_worker_counts_a_log_behind_the_walls(behind_walls, counted):
    owner = conformance.owner()
    cases = read_log(conformance.log().encode(), on=TODAY)
    with behind_walls(), accounts.at_work(owner):
        handed = actions.hand_in(cases, key="vinr_adult", version=NUMBER, by=owner, at=AT)

    with behind_walls("fridhem_worker"), as_the_house("tests"):
        assert counted(handed).status == Status.READY
    assert ObjectKey.objects.filter(subject=handed.pk).count() == 0
