"""People are found by name in one's own cases, and nobody learns that there are others. Behind the walls, as the staff face."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.rooms.persons import actions
from fridhem.rooms.persons.enums import Protection
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def anna():
    """A caseworker at the unit."""
    return accounts.user(Role.CASEWORKER, unit=casework.unit())


@pytest.fixture
def page(client, behind_walls):
    """The answer to one who asks for `given`."""

    def found(user, **given):
        accounts.sign_in(client, user)
        with behind_walls():
            return client.post(reverse("casework:find"), given)

    return found


def text_of(response) -> str:
    return response.content.decode()


def nobody(response) -> str:
    """A page without what is new on every page."""
    return re.sub(r"[\w-]{64}", "TOKEN", text_of(response))


def test_the_people_of_my_cases_are_found_by_the_beginnings_of_their_names(page, anna):
    someone = persons.person(name="Linnea Klöver")
    case = casework.case(by=anna, person_id=someone.pk)
    son = persons.person(name="Linus Klöver")
    actions.relate(someone, by=anna, at=casework.MONDAY, other=son, kind="child")

    for typed, names in (("lin klö", {"Linnea", "Linus"}), ("linn", {"Linnea"}), ("ljung", set())):
        said = text_of(page(anna, name=typed))

        assert {name for name in ("Linnea", "Linus") if f"{name} Klöver" in said} == names
        assert (case.number in said) == bool(names), "with the case that they are in"
        assert someone.sealed_number not in said


def test_a_search_is_recorded_and_not_what_was_looked_for(page, anna):
    page(anna, name="linnea")

    (line,) = Entry.objects.filter(verb="persons.persons.searched")
    assert (line.actor, line.subject, line.reason, line.purpose) == (anna.pk, None, "", "casework:find")


@pytest.mark.parametrize("hidden", ["of another", "protected", "shut"])
def test_who_is_not_shown_is_as_if_not_there(page, anna, hidden):
    protection = Protection.LOCAL if hidden == "protected" else Protection.NONE
    someone = persons.person(name="Linnea Klöver", protection=protection)
    casework.case(by=None if hidden == "of another" else anna, person_id=someone.pk)
    if hidden == "shut":
        actions.recuse(user=anna, by=anna, at=casework.MONDAY, identity_number=someone.sealed_number, ground="kin")

    found, absent = page(anna, name="linnea"), page(anna, name="finnsej")

    assert "Klöver" not in text_of(found)
    assert "Inget ärende som du arbetar med" in text_of(found)
    assert nobody(found).replace("linnea", "X") == nobody(absent).replace("finnsej", "X")


def test_many_are_shown_a_page_at_a_time_with_as_many_questions(page, anna):
    for number in range(25):
        casework.case(by=anna, person_id=persons.person(name=f"Lo Klöver{'abcdefghijklmnopqrstuvwxy'[number]}").pk)
        if number == 1:
            with CaptureQueriesContext(connection) as few:
                page(anna, name="klö")

    with CaptureQueriesContext(connection) as many:
        first = page(anna, name="klö")
    second = page(anna, name="klö", page=2)

    shown = [set(re.findall(r"Lo Klöver\w", text_of(answer))) for answer in (first, second)]
    assert [len(names) for names in shown] == [20, 5]
    assert not shown[0] & shown[1]
    assert "1–20 av 25" in text_of(first)
    assert len(many) == len(few)


@pytest.mark.parametrize("given", [{"name": ""}, {"name": "  "}, {"name": "anna", "identity_number": "850709-9805"}])
def test_one_of_the_two_is_asked_for(page, anna, given):
    answer = page(anna, **given)

    assert answer.status_code == 422
    assert "Skriv antingen ett personnummer eller ett namn" in text_of(answer)
    assert not Entry.objects.filter(verb__startswith="persons.person").exclude(verb__endswith="registered").exists()


@pytest.mark.parametrize("role", [Role.PERSONAL_CONTACT, Role.AUDITOR, Role.PRIVACY_OFFICER])
def test_others_find_nobody(page, role):
    assert page(accounts.user(role), name="linnea").status_code == 403
