"""The people of a case: masked where they must be, and a protected detail shown alone to one who says why."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.foundation.database.acting import Acting, acting
from fridhem.pure import identity
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import queries
from fridhem.rooms.casework.actions import people
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons.enums import Protection
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

NOW = casework.MONDAY
HIDDEN = "Hemligvägen 1, 901 01 Umeå"


@pytest.fixture
def anna():
    """A caseworker at the unit."""
    return accounts.user(Role.CASEWORKER, unit=casework.unit())


@pytest.fixture
def case(anna) -> Case:
    return casework.case(by=anna, person_id=persons.person(address=HIDDEN, protection=Protection.LOCAL).pk)


@pytest.fixture
def open_page(client, anna, case):
    """Open, or send something to, a page of the case as Anna."""

    def visit(where: str, /, *more, user=anna, follow=True, **sent):
        accounts.sign_in(client, user)
        url = reverse(f"casework:{where}", args=[case.number, *more])
        return client.post(url, sent, follow=follow) if sent else client.get(url)

    return visit


def text_of(response) -> str:
    return response.content.decode()


WHY = {"reason": "contact", "words": "Ska skicka nycklar"}


def test_the_case_page_tells_the_kinds_and_never_the_values(open_page, case):
    shown = text_of(open_page("case"))

    assert "Skyddade uppgifter" in shown
    assert "Adress" in shown
    assert reverse("casework:reveal-detail", args=[case.number, case.person.details.get().pk]) in shown
    for part in ("Hemlig", "901 01", "Umeå"):
        assert part not in shown


def test_a_detail_is_shown_once_in_the_answer_to_a_reason(open_page, case, anna):
    detail = case.person.details.get()

    asked = open_page("reveal-detail", detail.pk)
    assert HIDDEN not in text_of(asked)
    told = open_page("reveal-detail", detail.pk, **WHY)

    assert HIDDEN in text_of(told)
    assert told["Cache-Control"] == "no-store"
    assert HIDDEN not in text_of(open_page("reveal-detail", detail.pk))
    assert [(e.actor, e.reason) for e in Entry.objects.filter(verb="persons.detail.revealed")] == [(anna.pk, "contact")]
    assert [(a.subject, a.about_user, a.unit) for a in Alert.objects.all()] == [(detail.pk, anna.pk, case.unit_id)]


def test_the_title_and_the_address_of_the_page_tell_nothing(open_page, case):
    told = text_of(open_page("reveal-detail", case.person.details.get().pk, **WHY))

    title = told.split("<title>")[1].split("</title>")[0]
    assert "Hemlig" not in title
    assert "Hemlig" not in told.split("<main")[0]


@pytest.mark.parametrize("missing", ["reason", "words"])
def test_without_a_reason_and_words_the_page_asks_again(open_page, case, missing):
    answer = open_page("reveal-detail", case.person.details.get().pk, **{**WHY, missing: ""})

    assert answer.status_code == 422
    assert HIDDEN not in text_of(answer)
    assert not Entry.objects.filter(verb="persons.detail.revealed").exists()


def test_the_reception_knows_the_kind_and_is_not_shown_the_value(open_page, case):
    mona = accounts.user(Role.RECEPTION)
    people_of = casework.actions.assign(case, by=casework.leader(), at=NOW, user=mona)
    detail = case.person.details.get()

    assert people_of
    assert "Adress" in text_of(open_page("people", user=mona))
    assert open_page("reveal-detail", detail.pk, user=mona, **WHY).status_code == 403
    assert "din roll" in text_of(open_page("reveal-detail", detail.pk, user=mona))


def test_a_personal_contact_knows_of_no_details(open_page, case):
    pelle = accounts.user(Role.PERSONAL_CONTACT, unit=case.unit)
    casework.actions.assign(case, by=casework.leader(), at=NOW, user=pelle)

    assert "Adress" not in text_of(open_page("people", user=pelle))
    assert open_page("reveal-detail", case.person.details.get().pk, user=pelle, **WHY).status_code == 403


def test_the_detail_of_someone_in_another_case_is_not_there(open_page):
    other = persons.person(address="Annanvägen 2")

    assert open_page("reveal-detail", other.details.get().pk, **WHY).status_code == 404
    assert open_page("reveal", other.pk).status_code == 404
    assert not Entry.objects.filter(verb__in=("persons.detail.revealed", "persons.person.revealed")).exists()


def test_someone_is_added_and_taken_out(open_page, case):
    given = {"kind": "child", "name": "Li Lupin", "identity_number": "", "protection": "none"}
    assert "Li Lupin" in text_of(open_page("relate", **given))
    child = queries.people(case)[1]

    open_page("unrelate", child.pk, sure="yes")
    assert "Li Lupin" not in text_of(open_page("people"))
    assert [person.pk for person in queries.people(case)] == [case.person_id]


def test_nobody_is_added_twice(case, anna):
    number = case.person.sealed_number

    with pytest.raises(NotNow):
        people.relate(case, by=anna, at=NOW, kind="sibling", name="Lo", identity_number=number)


def test_a_mark_hides_the_name_at_once(open_page, case, anna):
    people.relate(case, by=anna, at=NOW, kind="child", name="Li Lupin")
    child = queries.people(case)[1]

    assert "Li Lupin" in text_of(open_page("people"))
    shown = text_of(open_page("protect", child.pk, protection="confidentiality_marking"))

    assert "Li Lupin" not in shown
    assert [member.shown.is_protected for member in queries.members(case, anna)] == [True, True]


def test_a_detail_is_added_changed_and_ended(open_page, case):
    today = timezone.localdate()
    added = open_page("add-detail", case.person_id, kind="school", value="Björkskolan", valid_from=today - dt.timedelta(days=9))
    assert "Björkskolan" not in text_of(added)
    school = case.person.details.get(kind="school")
    open_page("change-detail", school.pk, value="Ekskolan")
    new = case.person.details.get(kind="school", ended_on=None)
    ended = open_page("end-detail", new.pk, ended_on=today)

    assert (new.sealed_value, new.replaces) == ("Ekskolan", school)
    assert "Ekskolan" not in text_of(ended)
    assert not case.person.details.filter(kind="school", ended_on=None).exists()
    assert open_page("end-detail", new.pk, ended_on=today).status_code == 409


def test_a_day_that_can_not_be_is_refused_at_the_field(open_page, case):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    answer = open_page("end-detail", case.person.details.get().pk, ended_on=tomorrow)

    assert answer.status_code == 422
    assert escape("Skriv en dag från uppgiftens första dag till i dag.") in text_of(answer)


def test_who_a_case_is_about_can_be_said_later(anna, client):
    case = casework.case(by=anna)
    accounts.sign_in(client, anna)
    given = {"name": "Lo Ljung", "identity_number": "", "protection": "none"}

    page = client.post(reverse("casework:identify", args=[case.number]), given, follow=True)

    assert "Lo Ljung" in text_of(page)
    again = client.post(reverse("casework:identify", args=[case.number]), given)
    assert again.status_code == 409


def test_a_list_of_people_costs_as_much_for_four_as_for_one(case, anna):
    def cost() -> tuple[int, int]:
        found = queries.visible_to(anna).select_related("person").get()
        with acting(Acting(anna.pk, "tests")), CaptureQueriesContext(connection) as asked:
            people_of = queries.members(found, anna)
        return len(people_of), len(asked)

    people.relate(case, by=anna, at=NOW, kind="child", name="Li", address="Livägen 1")
    two, few = cost()
    for name in ("La", "Lo", "Ly"):
        people.relate(case, by=anna, at=NOW, kind="child", name=name, address=f"{name}vägen 1")
    five, many = cost()

    assert (two, five) == (2, 5)
    assert many == few


def test_a_stranger_reveals_nobody(case):
    stranger = accounts.user(Role.TEAM_LEADER)

    with pytest.raises(Denied):
        people.reveal(case, case.person_id, by=stranger, at=NOW, reason="contact")


def test_a_search_that_meets_a_protected_person_answers_as_if_nobody_were_there(client, case):
    """Byte for byte, but for the number that was asked and the token that is new on each page."""
    accounts.sign_in(client, accounts.user(Role.CASEWORKER))
    pages = []
    for number in (case.person.sealed_number, identity.test_number(dt.date(1950, 1, 1), 3)):
        answer = client.post(reverse("casework:find"), {"identity_number": number})
        pages.append((answer.status_code, re.sub(r"[\w-]{64}", "TOKEN", text_of(answer)).replace(number, "NUMBER")))

    assert "TOKEN" in pages[0][1]
    assert pages[0] == pages[1]
