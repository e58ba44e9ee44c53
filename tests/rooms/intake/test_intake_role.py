"""What the public process may do in the database, tried with an own connection of its role."""

import threading
import uuid
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.models import Concern, PublicText
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db(transaction=True)
MAY = {("intake_concern", "INSERT"), ("intake_message", "INSERT"), ("intake_public_text", "SELECT")}
TRIES = {
    "SELECT": "SELECT * FROM {}",
    "INSERT": "INSERT INTO {} DEFAULT VALUES",
    "UPDATE": "UPDATE {} SET {column} = {column}",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {}",
}
NEW_ROW = """
INSERT INTO intake_concern
    (id, lookup, mailbox_key, body, sender_copy, urgency, received_on, status, kind, close_reason, {column})
VALUES (gen_random_uuid(), %s, '', '', '', 'now', '2026-01-01', %s, '', %s, {value})
"""


def tables():
    return sorted(connection.introspection.table_names())


def refused(public_connection, statement):
    """Whether the database refuses for lack of rights on the table, and not for another reason."""
    try:
        public_connection.execute(statement)
    except psycopg.Error as error:
        return "permission denied" in str(error)
    return False


def test_the_public_role_is_refused_everything_but_what_it_needs(public_connection):
    allowed = set()
    for table in tables():
        with connection.cursor() as cursor:
            column = connection.introspection.get_table_description(cursor, table)[-1].name
        for right, statement in TRIES.items():
            if not refused(public_connection, statement.format(table, column=column)):
                allowed.add((table, right))

    assert len(tables()) > 20
    assert allowed == MAY


def test_the_public_role_calls_one_function_of_ours(public_connection):
    ours = public_connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()

    assert ours == [("intake_mailbox",)]


def test_the_public_role_reads_one_mailbox_and_only_by_its_lookup_value(public_connection):
    box, other = intake.mailbox(), intake.mailbox()
    concern = intake.concern(box=box)
    intake.concern(box=other)
    actions.answer(concern, text="Tack.", by=accounts.user(role=Role.RECEPTION), at=timezone.now())

    rows = public_connection.execute("SELECT concern FROM intake_mailbox(%s)", [box.lookup]).fetchall()

    assert rows == [(concern.pk,), (concern.pk,)]
    for guess in (b"", b"%", box.lookup[:-1], bytes(32), None):
        assert public_connection.execute("SELECT * FROM intake_mailbox(%s)", [guess]).fetchall() == []


@pytest.mark.parametrize(
    ("column", "value", "status", "reason"),
    [
        ("case_id", "NULL", "closed", "not_serious"),
        ("case_id", "NULL", "assessing", ""),
        ("seen_on", "'2026-01-01'", "received", ""),
        ("decided_on", "'2026-01-01'", "received", ""),
        ("assigned_to_id", "gen_random_uuid()", "received", ""),
    ],
)
def test_the_public_role_adds_only_what_is_new(public_connection, column, value, status, reason):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public_connection.execute(NEW_ROW.format(column=column, value=value), [uuid.uuid4().bytes, status, reason])


def test_the_public_role_reads_published_texts_and_no_drafts(public_connection):
    for published_at, review in ((timezone.now(), "reviewed"), (None, "draft"), (timezone.now() + timedelta(days=1), "reviewed")):
        PublicText.objects.create(key="on_call", language="sv", title=review, body="", review=review, published_at=published_at)

    assert public_connection.execute("SELECT count(*) FROM intake_public_text").fetchone() == (1,)


def test_the_public_role_can_not_answer_in_our_name(public_connection):
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    statement = """
        INSERT INTO intake_message (id, concern_id, direction, box, sender_copy, sent_on, written_by_id)
        VALUES (gen_random_uuid(), %s, 'to_sender', '', '', '2026-01-01', %s)
    """

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public_connection.execute(statement, [concern.pk, mona.pk])


@pytest.fixture
def as_public_role(public_role):
    """New connections of this process are the public role's; this thread keeps its own."""
    own = connections.settings["default"]
    connections.settings["default"] = {**own, **public_role}
    yield
    connections.settings["default"] = own


def in_parallel(times, work):
    """Run `work` in as many threads at once, each with a connection of its own; what they raised."""
    wrong, gate = [], threading.Barrier(times)

    def run():
        try:
            gate.wait(10)
            work()
        except Exception as error:  # noqa: BLE001  (told to the test, whatever it is)
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def test_the_same_submission_twenty_times_at_once_is_one_concern(as_public_role, public_face):
    submission, box, said = uuid.uuid4(), intake.mailbox(), intake.said()

    wrong = in_parallel(20, lambda: actions.receive(submission=submission, mailbox=box, said=said, at=timezone.now()))

    assert (wrong, [concern.pk for concern in Concern.objects.all()]) == ([], [submission])


def test_the_same_letter_twenty_times_at_once_is_one_letter(as_public_role, public_face):
    box, number = intake.mailbox(), uuid.uuid4()
    concern = Concern.objects.get(pk=intake.concern(box=box).pk)
    opened = queries.OpenMailbox(concern.pk, box.key, concern.received_on, None, [])

    wrong = in_parallel(20, lambda: actions.write_more(letter=number, box=opened, text="Mer.", at=timezone.now()))

    assert (wrong, [message.pk for message in concern.messages.all()]) == ([], [number])


def test_twenty_senders_at_once_are_twenty_concerns(as_public_role, public_face):
    wrong = in_parallel(20, intake_one)

    assert (wrong, Concern.objects.count()) == ([], 20)


def intake_one():
    actions.receive(submission=uuid.uuid4(), mailbox=intake.mailbox(), said=intake.said(), at=timezone.now())


def test_the_public_role_really_is_another_in_those_threads(as_public_role, public_face):
    def read():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("fridhem_public",)
        Concern.objects.count()

    (error,) = in_parallel(1, read)

    assert "permission denied" in str(error)
