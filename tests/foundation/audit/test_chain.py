"""The chain: linked by the database when a transaction ends, recomputed here, sign by sign."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import Unit
from fridhem.foundation.audit import chain
from fridhem.foundation.audit.chain import Kind
from fridhem.foundation.audit.models import Entry, Link
from fridhem.foundation.audit.record import record
from fridhem.foundation.database.acting import Acting, acting
from tests.factories import accounts

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int = 1, **given) -> list[Entry]:
    values = {"subject": None, "by": None, "at": timezone.now(), **given}
    with transaction.atomic():
        return [record("test.thing.done", **values) for _ in range(count)]


def test_lines_are_linked_without_a_gap():
    first, second, third = write(2) + write(1)

    assert list(Link.objects.order_by("seq").values_list("seq", "entry")) == [(1, first.pk), (2, second.pk), (3, third.pk)]
    assert chain.verify().holds
    assert chain.verify().links == 3


def test_a_line_is_linked_when_its_transaction_ends_and_never_when_it_is_undone():
    with transaction.atomic():
        record("test.thing.done", subject=None, by=None, at=timezone.now())
        assert not Link.objects.exists()
        transaction.set_rollback(True)

    assert not Link.objects.exists()
    assert chain.verify().holds


@pytest.mark.parametrize(
    "words",
    ['"quoted" \\ back', "åäö ÅÄÖ é 🙂 \u2028", "tab\t newline\n return\r bell\x07 \x08 \x0c \x1f \x7f", "</script> &", ""],
)
def test_python_writes_a_line_as_the_database_does(words):
    user = accounts.user()
    with acting(Acting(user.pk, words[:120])):
        write(reason=words, subject=user, by=user, about=user.unit_id, at=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
        write(reason=words, at=datetime(2038, 1, 19, 3, 14, 7, 1, tzinfo=UTC))

    assert chain.verify().faults == []


def test_a_line_says_where_it_was_written_and_what_it_is_about():
    user = accounts.user()
    with acting(Acting(user.pk, "casework:case")):
        (line,) = write(subject=user, by=user, about=user.unit_id)

    line.refresh_from_db()
    assert (line.purpose, line.about, line.actor, line.subject) == ("casework:case", user.unit_id, user.pk, user.pk)


@dataclass(frozen=True)
class Known:
    """A link that was anchored."""

    seq: int
    digest: bytes


TAMPERINGS = {
    "altered": ("UPDATE audit_entry SET actor = gen_random_uuid() WHERE id = %(third)s", [(Kind.ALTERED, 3)]),
    "later": ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = %(third)s", [(Kind.ALTERED, 3)]),
    "line gone": ("DELETE FROM audit_entry WHERE id = %(third)s", [(Kind.MISSING, 3)]),
    "link gone": ("DELETE FROM audit_link WHERE entry = %(third)s", [(Kind.MISSING, 3), (Kind.INSERTED, None)]),
    "moved": (
        "UPDATE audit_link SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4);"
        "UPDATE audit_link SET seq = -seq WHERE seq < 0",
        [(Kind.MOVED, 3), (Kind.MOVED, 4), (Kind.MOVED, 5)],
    ),
    "lines exchanged": (
        "UPDATE audit_link SET entry = gen_random_uuid() WHERE seq = 4; UPDATE audit_link SET entry = %(fourth)s WHERE seq = 3;"
        "UPDATE audit_link SET entry = %(third)s WHERE seq = 4",
        [(Kind.ALTERED, 3), (Kind.ALTERED, 4)],
    ),
    "put in": (
        "SET session_replication_role = replica; INSERT INTO audit_entry (id, at, verb, subject_kind, reason, purpose) "
        "VALUES (gen_random_uuid(), now(), 'test.thing.done', '', '', ''); SET session_replication_role = origin",
        [(Kind.INSERTED, None)],
    ),
    "end cut off": (
        "DELETE FROM audit_entry WHERE id = %(last)s; DELETE FROM audit_link WHERE entry = %(last)s",
        [(Kind.CUT, 6)],
    ),
    "all gone": ("TRUNCATE audit_entry, audit_link", [(Kind.CUT, 6)]),
    "written anew": (
        "CREATE TEMP TABLE kept AS SELECT * FROM audit_entry; TRUNCATE audit_entry, audit_link;"
        "UPDATE kept SET actor = gen_random_uuid() WHERE id = %(third)s; INSERT INTO audit_entry SELECT * FROM kept ORDER BY at;"
        "DROP TABLE kept",
        [(Kind.REWRITTEN, 6)],
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_who_owns_the_database_is_found_out(how, superuser):
    lines = [write(at=datetime(2026, 1, 1, hour, tzinfo=UTC))[0] for hour in range(6)]
    anchored = Known(*chain.tail())
    statement, expected = TAMPERINGS[how]
    assert chain.verify([anchored]).holds

    for part in statement.split(";"):
        superuser.execute(part, {"third": lines[2].pk, "fourth": lines[3].pk, "last": lines[5].pk})

    found = chain.verify([anchored])
    assert [(fault.kind, fault.seq) for fault in found.faults] == expected
    assert not found.holds


def test_writers_at_once_make_one_chain():
    def work() -> None:
        try:
            for _ in range(15):
                write(2)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=work) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    report = chain.verify()
    assert (report.links, report.tail[0], report.faults) == (120, 120, [])


def test_two_who_wait_for_each_others_rows_at_the_end_both_come_through():
    """One has written its line and then refers to a row that the other has locked: the tail is taken after that row."""
    unit = accounts.unit("Vuxen")
    locked, written, faults = threading.Event(), threading.Event(), []

    def refers() -> None:
        try:
            with transaction.atomic():
                locked.wait(5)
                record("test.thing.done", subject=None, by=None, at=timezone.now())
                accounts.user(unit=unit)
                written.set()
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    def locks() -> None:
        try:
            with transaction.atomic():
                Unit.objects.select_for_update().get(pk=unit.pk)
                locked.set()
                written.wait(5)
                time.sleep(0.3)  # the other one is at its end by now, and waits for the row
                record("test.thing.done", subject=None, by=None, at=timezone.now())
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    both = [threading.Thread(target=work) for work in (refers, locks)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert faults == []
    assert chain.verify().links == 2
