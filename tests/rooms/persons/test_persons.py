"""Who people are: sealed, found by the exact number only, masked when protected."""

import contextlib
import datetime as dt
import threading
import time
from contextvars import copy_context

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure import identity
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.persons import actions, queries, rules
from fridhem.rooms.persons.enums import Protection, RelationKind
from fridhem.rooms.persons.models import Person, ProtectedDetail, Reveal
from tests.factories import accounts, persons

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=timezone.get_default_timezone())
NUMBER = identity.test_number(dt.date(1985, 7, 9), 0)
HANDLES = {Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER}


def test_a_person_is_found_by_the_exact_number_however_it_is_written():
    anna = accounts.user()
    person = actions.register(by=anna, at=NOW, name="Lo Ljung", identity_number=NUMBER)

    for written in (NUMBER, NUMBER[2:], NUMBER.replace("-", ""), f" {NUMBER} "):
        assert actions.find(identity_number=written, by=anna, at=NOW) == person
    assert actions.find(identity_number=identity.test_number(dt.date(1985, 7, 9), 1), by=anna, at=NOW) is None
    assert Entry.objects.filter(verb="persons.person.looked_up").count() == 5


def test_the_same_number_is_the_same_person():
    anna = accounts.user()
    first = actions.register(by=anna, at=NOW, name="Lo Ljung", identity_number=NUMBER)
    again = actions.register(by=anna, at=NOW, name="Någon Annan", identity_number=NUMBER[2:])

    assert again == first
    assert again.sealed_name == "Lo Ljung"


def verbs(row: Person | ProtectedDetail) -> list[str]:
    return sorted(Entry.objects.filter(subject=row.pk).values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        ("none", "none", "none"),
        ("none", "local", "local"),
        ("local", "confidentiality_marking", "confidentiality_marking"),
        ("confidentiality_marking", "protected_registration", "protected_registration"),
        ("protected_registration", "fictitious", "fictitious"),
        ("fictitious", "protected_registration", "fictitious"),
        ("confidentiality_marking", "local", "confidentiality_marking"),
        ("local", "none", "local"),
    ],
)
def test_a_known_person_s_protection_is_raised_and_never_lowered_in_silence(before, told, after):
    anna = accounts.user()
    person = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER, protection=before)

    actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER, protection=told)

    assert Person.objects.get().sealed_protection == after
    assert ("persons.person.protected" in verbs(person)) == (before != after)


def test_every_protection_has_its_strength():
    assert sorted(rules.STRENGTH) == sorted(Protection.values)


def test_a_known_person_gets_the_address_that_was_missing_and_keeps_the_one_that_was_there():
    anna = accounts.user()
    person = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER)

    for address in ("", "Hemligvägen 1", "Hemligvägen 2"):
        actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER, address=address)

    detail = person.details.get()
    assert (detail.kind, detail.sealed_value) == ("address", "Hemligvägen 1")
    assert verbs(person) == ["persons.person.registered"]
    assert verbs(detail) == ["persons.detail.added"]


def test_a_known_person_whose_protection_can_not_be_read_stays_as_it_is():
    anna = accounts.user()
    person = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_person SET protection = 'damaged' WHERE id = %s", [person.pk])

    again = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER, protection="local")

    assert again == person
    assert queries.is_protected(Person.objects.get())


@pytest.mark.django_db(transaction=True)
def test_two_who_register_the_same_person_at_once_get_the_same_person():
    anna, found = accounts.user(), []

    def register():
        try:
            found.append(actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER, protection="local"))
        finally:
            connection.close()

    second = threading.Thread(target=copy_context().run, args=(register,))
    with transaction.atomic():
        first = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER)
        second.start()
        _wait_until_someone_waits()
    second.join()

    assert found == [first]
    assert Person.objects.get().sealed_protection == "local"


def _wait_until_someone_waits() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody came to wait")


def test_people_without_a_number_are_never_taken_for_each_other():
    anna = accounts.user()

    assert actions.register(by=anna, at=NOW, name="Lo") != actions.register(by=anna, at=NOW, name="Lo")


def test_a_number_that_is_wrong_registers_nobody():
    with pytest.raises(identity.NotAnIdentityNumber):
        actions.register(by=accounts.user(), at=NOW, name="Lo", identity_number="19850709-9806")
    assert not Person.objects.exists()


def test_many_are_registered_at_once_with_one_line_in_the_log():
    people = [("Lo Ljung", NUMBER), ("Li Lupin", identity.test_number(dt.date(1990, 1, 1), 4))]

    made = actions.register_many(people, by=accounts.user(), at=NOW)

    assert [person.sealed_name for person in made] == ["Lo Ljung", "Li Lupin"]
    assert Entry.objects.filter(verb="persons.persons.registered", reason="2").count() == 1


def test_the_database_never_holds_two_with_one_number():
    anna = accounts.user()
    person = actions.register(by=anna, at=NOW, name="Lo", identity_number=NUMBER)
    other = actions.register(by=anna, at=NOW, name="Li")

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=other.pk).update(identity_index=person.identity_index)


def test_nothing_that_tells_who_it_is_lies_readable():
    person = persons.person(name="Hemlig Harsyra", identity_number=NUMBER, address="Hemligvägen 1", protection="fictitious")
    reveal(person.details.get(), by=accounts.user(), words="Hemligt skäl")

    with connection.cursor() as cursor:
        rows = b""
        for table in ("persons_person", "persons_protected_detail", "persons_reveal"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in cursor.fetchone())

    for secret in ("Hemlig", "19850709", "9805", "fictitious"):
        assert secret.encode() not in rows


# ── Protection ────────────────────────────────────────────────────────────


def test_a_person_is_shown_with_a_masked_number():
    person = persons.person(name="Lo Ljung", identity_number=NUMBER)

    assert queries.shown(person) == queries.Shown(person.pk, "Lo Ljung", "19850709-••••", is_protected=False)
    assert queries.shown(None) is None


@pytest.mark.parametrize("protection", [kind for kind in Protection.values if kind != Protection.NONE])
def test_a_protected_person_is_masked(protection):
    person = persons.person(name="Hemlig Harsyra")
    protected = actions.protect(person, by=accounts.user(), at=NOW, protection=protection)

    shown = queries.shown(Person.objects.get(pk=protected.pk))
    assert shown == queries.Shown(person.pk, "Skyddade personuppgifter", "", is_protected=True)


@pytest.mark.parametrize("damage", [b"\x00\x01" + b"x" * 60, b""])
def test_a_protection_that_can_not_be_read_masks(damage):
    person = persons.person(name="Lo Ljung")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_person SET protection = %s WHERE id = %s", [damage, person.pk])

    assert queries.shown(Person.objects.get(pk=person.pk)).is_protected


def test_a_protection_moved_from_someone_else_masks():
    person, other = persons.person(), persons.person()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE persons_person SET protection = (SELECT protection FROM persons_person WHERE id = %s) WHERE id = %s",
            [other.pk, person.pk],
        )

    assert queries.shown(Person.objects.get(pk=person.pk)).is_protected


def test_a_name_that_can_not_be_read_is_masked_and_the_page_lives():
    person, other = persons.person(), persons.person()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_person SET name = (SELECT name FROM persons_person WHERE id = %s)", [other.pk])

    assert queries.shown(Person.objects.get(pk=person.pk)) == queries.Shown(person.pk, "Kan inte läsas", "", is_protected=True)


def test_a_word_that_is_no_protection_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        persons.person(protection="nonsense")


# ── Who may ───────────────────────────────────────────────────────────────

DOES = {
    "register": lambda user, person: actions.register(by=user, at=NOW, name="Li"),
    "find": lambda user, person: actions.find(identity_number=NUMBER, by=user, at=NOW),
    "protect": lambda user, person: actions.protect(person, by=user, at=NOW, protection=Protection.LOCAL),
    "relate": lambda user, person: actions.relate(person, by=user, at=NOW, other=persons.person(), kind=RelationKind.SIBLING),
    "unrelate": lambda user, person: actions.unrelate(
        actions.relate(person, by=accounts.user(), at=NOW, other=persons.person(), kind="child"), by=user, at=NOW
    ),
    "add a detail": lambda user, person: actions.add_detail(person, by=user, at=NOW, kind="phone", value="070-174 06 12"),
    "change a detail": lambda user, person: actions.change_detail(detail(), by=user, at=NOW, value="Nyvägen 2"),
    "end a detail": lambda user, person: actions.end_detail(detail(), by=user, at=NOW, ended_on=NOW.date()),
    "reveal": lambda user, person: actions.reveal(person, by=user, at=NOW, reason="contact"),
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("what", DOES)
def test_who_may_handle_persons(role, what):
    user, person = accounts.user(role), persons.person(identity_number=NUMBER)

    if role in HANDLES:
        DOES[what](user, person)
        assert Entry.objects.filter(actor=user.pk).exists()
    else:
        with pytest.raises(Denied):
            DOES[what](user, person)
        assert not Entry.objects.filter(actor=user.pk).exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_can_know_of_persons_at_all(role):
    user, found = accounts.user(role), persons.person(identity_number=NUMBER)
    assert not queries.visible_to(user).exists()

    with contextlib.suppress(Denied):
        assert actions.find(identity_number=NUMBER, by=user, at=timezone.now()) == found

    assert queries.visible_to(user).exists() == (role in HANDLES)


def test_someone_who_has_left_knows_nobody():
    persons.person()

    assert not queries.visible_to(accounts.user(Role.CASEWORKER, is_active=False)).exists()


def test_revealing_is_recorded_with_its_reason():
    anna, person = accounts.user(), persons.person(name="Hemlig Harsyra", identity_number=NUMBER, protection=Protection.LOCAL)

    assert actions.reveal(person, by=anna, at=NOW, reason="emergency") == actions.Revealed("Hemlig Harsyra", NUMBER)
    assert Entry.objects.get(verb="persons.person.revealed", actor=anna.pk).reason == "emergency"
    with pytest.raises(ValueError, match="curious"):
        actions.reveal(person, by=anna, at=NOW, reason="curious")


# ── Protected details ─────────────────────────────────────────────────────


def detail(kind: str = "address", value: str = "Hemligvägen 1", **given) -> ProtectedDetail:
    return actions.add_detail(persons.person(), by=accounts.user(), at=NOW, kind=kind, value=value, **given)


def reveal(detail: ProtectedDetail, *, by, **given) -> str:
    return actions.reveal_detail(detail, by=by, at=NOW, **{"reason": "contact", "words": "Ska ringa i dag", **given})


@pytest.mark.parametrize("role", Role.values)
def test_a_detail_is_behind_a_wall_of_its_own(role):
    user, found = accounts.user(role), detail()

    if role in {Role.CASEWORKER, Role.TEAM_LEADER}:
        assert reveal(found, by=user) == "Hemligvägen 1"
        assert Entry.objects.get(verb="persons.detail.revealed", actor=user.pk).reason == "contact"
    else:
        with pytest.raises(Denied):
            reveal(found, by=user)
        assert not Entry.objects.filter(verb="persons.detail.revealed").exists()
        assert not Alert.objects.exists()


@pytest.mark.parametrize(("role", "hears"), [(Role.CASEWORKER, "team_leader"), (Role.TEAM_LEADER, "privacy_officer")])
def test_a_look_is_one_line_with_its_reason_and_one_alert_to_someone_else(role, hears):
    user, found = accounts.user(role), detail()

    reveal(found, by=user, unit=user.unit_id)

    assert [(e.reason, e.subject) for e in Entry.objects.filter(verb="persons.detail.revealed")] == [("contact", found.pk)]
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject, alert.about_user, alert.roles, alert.at) == (
        "protected_shown", found.pk, user.pk, [hears], NOW,
    )  # fmt: skip
    assert alert.unit == (user.unit_id if hears == "team_leader" else None)
    assert Reveal.objects.get().words == "Ska ringa i dag"


@pytest.mark.parametrize("given", [{"reason": "curious"}, {"reason": ""}, {"words": ""}, {"words": "  "}])
def test_nobody_is_shown_a_detail_without_a_reason_and_words(given):
    found, user = detail(), accounts.user()

    with pytest.raises(ValueError, match=r"curious|not a valid|says why"), transaction.atomic():
        reveal(found, by=user, **given)

    assert not Entry.objects.filter(verb="persons.detail.revealed").exists()
    assert not Alert.objects.exists()


def test_a_detail_that_changes_leaves_its_history():
    old, anna = detail(), accounts.user()
    new = actions.change_detail(old, by=anna, at=NOW, value="Hemligvägen 2")

    old.refresh_from_db()
    assert (old.sealed_value, old.ended_on) == ("Hemligvägen 1", NOW.date())
    assert (new.sealed_value, new.kind, new.ended_on, new.replaces) == ("Hemligvägen 2", "address", None, old)
    with pytest.raises(NotNow):
        actions.change_detail(old, by=anna, at=NOW, value="Hemligvägen 3")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_detail_ends_between_its_first_day_and_today(days):
    found = detail()

    with pytest.raises(NotNow):
        actions.end_detail(found, by=accounts.user(), at=NOW, ended_on=NOW.date() + dt.timedelta(days=days))


def test_a_detail_that_has_ended_is_still_held_against_what_leaves_the_house():
    found = detail()
    actions.end_detail(found, by=accounts.user(), at=NOW, ended_on=NOW.date())

    held = queries.held_values(found.person_id)
    assert queries.Held(found.person_id, "address", "Hemligvägen 1", "none") in held


def test_a_detail_that_can_not_be_read_is_held_as_unreadable():
    found = detail()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_protected_detail SET value = 'damaged'")

    assert [one.value for one in queries.held_values(found.person_id) if one.kind == "address"] == [None]


def test_a_list_of_details_opens_nothing():
    found = detail()

    assert "sealed_value" not in queries.details([found.person_id]).get().__dict__


# ── Relations ─────────────────────────────────────────────────────────────


def test_a_relation_says_what_the_other_is():
    one, other = persons.person(), persons.person()
    relation = actions.relate(one, by=accounts.user(), at=NOW, other=other, kind="former_partner")

    relation.refresh_from_db()
    assert (relation.person, relation.other, relation.kind) == (one, other, "former_partner")


def test_a_relation_that_was_wrong_is_taken_away():
    one, other, anna = persons.person(), persons.person(), accounts.user()
    relation = actions.relate(one, by=anna, at=NOW, other=other, kind="sibling")

    actions.unrelate(relation, by=anna, at=NOW)

    assert queries.related(one) == []
    assert Entry.objects.filter(verb="persons.relation.removed", actor=anna.pk).count() == 1


def test_nobody_is_related_to_oneself_or_twice_the_same_way():
    one, other, anna = persons.person(), persons.person(), accounts.user()
    actions.relate(one, by=anna, at=NOW, other=other, kind="sibling")

    for person, to in ((one, one), (one, other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.relate(person, by=anna, at=NOW, other=to, kind="parent")


# ── Whom one must not handle ──────────────────────────────────────────────


def test_everyone_says_it_of_themselves_and_a_leader_of_those_at_the_unit_alone():
    unit, far = accounts.unit("Vuxen våld"), accounts.unit("Barn och familj")
    anna, bo = accounts.user(Role.CASEWORKER, unit=unit), accounts.user(Role.CASEWORKER, unit=unit)
    lena, fia = accounts.user(Role.TEAM_LEADER, unit=unit), accounts.user(Role.TEAM_LEADER, unit=far)
    about = {"user": anna, "identity_number": NUMBER, "ground": "kin", "at": NOW}

    for by in (bo, fia, accounts.user(Role.STRATEGIST, unit=unit)):
        with pytest.raises(Denied):
            actions.recuse(**about, by=by)

    assert actions.recuse(**about, by=anna) == actions.recuse(**about, by=lena)
