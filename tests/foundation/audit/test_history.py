"""History: what a row became, whatever changed it, and who did."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.audit import history
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import Acting, acting
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.models import Person
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db


def kinds(row) -> list[str]:
    return [change.pgh_label for change in history.of(row)]


def test_every_way_to_change_a_row_is_seen_with_who_and_where():
    by = accounts.user()
    with acting(Acting(by.pk, "accounts:roles")):
        user = accounts.user(role=Role.CASEWORKER)
        before, user.name = user.name, "Annat namn"
        user.save()
        User.objects.filter(pk=user.pk).update(role=Role.TEAM_LEADER)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET is_active = false WHERE id = %s", [user.pk])
        User.objects.bulk_update([User(pk=user.pk, name="Tredje")], ["name"])
        Unit.objects.bulk_create([Unit(name="Ny enhet")])

    changes = list(history.of(user))
    assert [(one.pgh_label, one.name, one.role, one.is_active) for one in changes] == [
        ("insert", before, "caseworker", True),
        ("update", "Annat namn", "caseworker", True),
        ("update", "Annat namn", "team_leader", True),
        ("update", "Annat namn", "team_leader", False),
        ("update", "Tredje", "team_leader", False),
    ]
    assert {(one.pgh_by, one.pgh_purpose) for one in changes} == {(by.pk, "accounts:roles")}
    assert kinds(Unit.objects.get(name="Ny enhet")) == ["insert"]


def test_what_nobody_has_said_stays_empty():
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fridhem.user', '', false), set_config('fridhem.purpose', '', false)")
    user = accounts.user()

    assert [(one.pgh_by, one.pgh_purpose) for one in history.of(user)] == [(None, "")]


def test_signing_in_is_no_change_of_the_person():
    user = accounts.user()
    user.last_login = timezone.now()
    user.save()

    assert kinds(user) == ["insert"]


def test_what_is_sealed_is_kept_as_it_lies():
    person = persons.register(by=accounts.user(), at=timezone.now(), name="Kanarie Kanarsson")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM persons_person WHERE id = %s", [person.pk])
        lies = bytes(cursor.fetchone()[0])

    (change,) = history.of(person)
    assert bytes(change.sealed_name) == lies
    assert b"Kanarie" not in bytes(change.sealed_name)


def test_a_concern_leaves_no_time_of_its_arrival():
    concern = intake.concern()
    assert kinds(concern) == []

    Concern.objects.filter(pk=concern.pk).update(seen_on=timezone.localdate())

    assert kinds(concern) == ["update"]


def test_the_worker_alone_forgets_what_was_disposed_of_and_says_so(test_house):
    person = persons.register(by=accounts.user(), at=timezone.now(), name="Kanarie Kanarsson")
    other = persons.register(by=accounts.user(), at=timezone.now(), name="Någon Annan")
    Person.objects.filter(pk=person.pk).delete()
    assert kinds(person) == ["insert", "delete"]

    with acting(Acting(None, "retention.dispose")):
        assert history.forget([person.pk, uuid4()], why="disposal") == 2

    assert (kinds(person), kinds(other)) == ([], ["insert"])
    line = Entry.objects.get(verb="audit.history.forgotten")
    assert (line.reason, line.purpose, line.actor) == ("2 changes: disposal", "retention.dispose", None)


@pytest.mark.parametrize(("role", "may"), [("fridhem_worker", True), ("fridhem_staff", False), ("fridhem_public", False)])
def test_who_may_forget(role, may):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, 'audit_forget_history(uuid[], text)', 'EXECUTE')", [role])
        assert cursor.fetchone()[0] is may
