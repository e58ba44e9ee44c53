"""C25: where someone hides is shown at its reveal, to the one who says why, and nowhere else; each reveal is told at once."""

import datetime as dt
import random

import pytest
from django.core import mail
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons.models import Person, ProtectedDetail
from tests.factories import accounts
from tests.factories.disclosures import HIDDEN, SCHOOL, hidden_case
from tests.safety import world
from tests.safety.test_c20_matrix import Matrix, Try

pytestmark = [pytest.mark.django_db, pytest.mark.safety("C25"), pytest.mark.urls("fridhem.site.urls.staff")]
MARKS = ("Tranbärsv", "174 06 58", "Tvinnaregatan", "Vinterkrasse", "Humlebacken")
WHY = {"reason": "contact", "words": "Ett brev måste fram."}


@pytest.fixture
def made():
    """The small municipality, where a caseworker also works with someone who hides."""
    return world.build()


@pytest.fixture
def case(made) -> Case:
    return hidden_case(by=made.people[Role.CASEWORKER])


def tells(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def of_the_case(one: Try, case: Case) -> bool:
    return case.number in dict(one.given).values()


def test_no_page_list_search_or_file_tells_it_to_anyone(made, case, behind_walls, caplog, size, proof):
    matrix, chance = Matrix(made), random.Random(25)
    every = [one for one in matrix.tries(chance) if one.method == "GET"]
    worker = [one for one in every if of_the_case(one, case) and one.who in (Role.CASEWORKER, Role.TEAM_LEADER)]
    tried = list(dict.fromkeys([*worker, *chance.sample(every, size(400, len(every)))]))

    with behind_walls():
        answers = {one: matrix.answer(one) for one in tried}

    assert [(one.name, one.who, tells(text)) for one, (_status, text) in answers.items() if tells(text)] == []
    opened = sum(status == 200 for one, (status, _text) in answers.items() if of_the_case(one, case))
    assert opened >= 10, "those who work with the case were shown its pages"
    assert tells(caplog.text) == []
    assert mail.outbox == []
    proof.measured(
        f"0 of {len(tried)} pages of {len({one.name for one in tried})} kinds tell it, {opened} of them of the case itself"
    )


def test_a_search_for_it_finds_nothing(made, case, client, behind_walls, proof):
    typed = ["Tranbärsvägen", "Selma Solvända", "Solvända", "Vinterkrasse", "0701740658"]
    for who in (Role.CASEWORKER, Role.TEAM_LEADER, Role.RECEPTION):
        accounts.sign_in(client, made.people[who])
        with behind_walls():
            pages = [client.post(reverse("casework:find"), {"identity_number": "", "name": word}) for word in typed]
            pages += [client.get(reverse("casework:cases"), {"q": word}) for word in typed]
        assert [tells(page.content.decode().replace(word, "")) for page, word in zip(pages, typed * 2, strict=True)] == [[]] * 10
    proof.measured(f"0 of {2 * 3 * len(typed)} searches")


def test_each_reveal_shows_one_value_and_is_told_at_once(made, case, client, behind_walls, proof):
    worker = made.people[Role.CASEWORKER]
    accounts.sign_in(client, worker)
    people = Person.objects.filter(pk=case.person_id) | Person.objects.filter(pk__in=case.person.relations.values("other"))
    details = list(ProtectedDetail.objects.filter(person__in=people))
    assert len(details) == len(HIDDEN) + 1

    with behind_walls():
        pages = [client.post(reverse("casework:reveal-detail", args=[case.number, each.pk]), WHY) for each in details]

    shown = [tells(page.content.decode()) for page in pages]
    assert sorted(len(marks) for marks in shown) == [1] * len(details), SCHOOL
    events = Entry.objects.filter(verb="persons.detail.revealed", actor=worker.pk).exclude(reason="")
    assert sorted(events.values_list("subject", flat=True)) == sorted(each.pk for each in details)
    alerts = Alert.objects.filter(kind=AlertKind.PROTECTED_SHOWN, about_user=worker.pk, subject__in=[each.pk for each in details])
    lines = dict(events.values_list("subject", "at"))
    assert len(alerts) == len(details)
    assert all(abs(one.at - lines[one.subject]) < dt.timedelta(seconds=60) for one in alerts)
    proof.measured(f"{len(details)} reveals: 1 value each, 1 line with its reason and 1 alert each, in the same transaction")
