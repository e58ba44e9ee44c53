"""Whoever comes back within a year is known to have, on the case and as a number, and nowhere else."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.casework import actions, disposal, facts, queries
from fridhem.rooms.casework.actions import people
from fridhem.rooms.casework.models import ContactCount
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

CLOSED = dt.datetime(2026, 1, 15, 9, 0, tzinfo=casework.MONDAY.tzinfo)


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def lena():
    return casework.leader(name="Lena Lind")


@pytest.fixture
def someone():
    return persons.person()


def closed(person, *, by, lena, at=CLOSED):
    case = casework.case(by=by, at=at, person_id=person.pk)
    return actions.close_case(case, by=lena, at=at, reason="finished")


@pytest.mark.parametrize(
    ("opened", "contact"),
    [
        ("2026-01-15", "within_6_months"),
        ("2026-07-15", "within_6_months"),
        ("2026-07-16", "within_12_months"),
        ("2027-01-15", "within_12_months"),
        ("2027-01-16", "other"),
    ],
)
def test_how_soon_someone_came_back_stands_on_the_case_and_is_counted(anna, lena, someone, opened, contact):
    first = closed(someone, by=anna, lena=lena)
    ContactCount.objects.all().delete()
    day = dt.datetime.fromisoformat(f"{opened}T10:00:00+01:00")

    case = casework.case(by=anna, at=day, person_id=someone.pk, district="norra")

    found = [(one.number, one.contact) for one in queries.earlier(case, anna)]
    assert found == ([] if contact == "other" else [(first.number, contact)])
    assert list(facts.repeat_contacts()) == [(contact, "adult", "norra", day.year, 1)]


def test_the_page_says_it_to_those_who_see_both_cases(client, anna, lena, someone, behind_walls):
    first = closed(someone, by=anna, lena=lena)
    bo = accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bo Björk")
    case = casework.case(by=anna, team=[bo], person_id=someone.pk)

    def page(user) -> str:
        client.force_login(user)
        with behind_walls():
            return client.get(reverse("casework:case", args=[case.number])).content.decode()

    assert first.number in page(anna) and "Inom 12 månader" in page(anna)
    assert first.number not in page(bo) and "Återaktualisering" not in page(bo)


def test_it_is_counted_when_it_becomes_known_who_the_case_is_about(anna, lena, someone):
    closed(someone, by=anna, lena=lena)
    case = casework.case(by=anna)
    before = {(row.contact, row.year): row.n for row in facts.repeat_contacts()}

    people.identify(case, by=anna, at=casework.MONDAY, name="Vem", identity_number=someone.sealed_number)

    assert before == {("other", 2026): 1}
    assert {(row.contact, row.year): row.n for row in facts.repeat_contacts()} == {
        ("other", 2026): 1, ("within_12_months", 2026): 1,
    }  # fmt: skip


def test_what_is_taken_over_from_a_former_system_is_not_counted(lena):
    former = actions.FormerCase("V-OLD22", casework.unit(), "norra", "adult", CLOSED.date(), CLOSED.date(), "finished", ())

    actions.take_over([former], by=lena, at=CLOSED)

    assert list(facts.repeat_contacts()) == []


def test_the_numbers_stay_when_the_cases_are_gone(anna, lena, someone):
    first = closed(someone, by=anna, lena=lena)

    disposal.dispose(first.pk, at=CLOSED)

    assert [row.n for row in facts.repeat_contacts()] == [1]


def test_nobody_who_works_with_cases_reads_or_writes_the_numbers(anna, lena, someone, behind_walls):
    closed(someone, by=anna, lena=lena)

    with behind_walls(), accounts.at_work(lena), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_contact_count")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("INSERT INTO casework_contact_count SELECT gen_random_uuid(), 'other', 'adult', 'norra', 2026, 1")
