"""What the case keeps leaves the house by the same check as everything else."""

import pytest
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.rooms.casework import letters
from fridhem.rooms.casework.actions.letters import keep_letter
from fridhem.rooms.disclosures import queries
from fridhem.rooms.disclosures.enums import State
from fridhem.rooms.disclosures.models import Disclosure
from tests.factories import accounts, casework
from tests.factories.disclosures import HIDDEN, NOW, disclosure, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


def kept(case, words: str, *, by):
    return keep_letter(case, letters.valid_on(NOW.date())["inquiry"], to="Ombud", words=words, by=by, at=NOW)


def test_a_letter_that_tells_where_she_is_is_stopped(case, anna):
    letter = kept(case, f"Hon bor på {HIDDEN['address']}.", by=anna)

    made = disclosure(case, by=anna, kept=[letter.pk])

    assert queries.state_of(made) == State.STOPPED
    assert {one["kind"] for one in made.findings} == {"address"}


def test_a_letter_of_the_case_is_chosen_on_the_page_and_may_leave(client, case, anna):
    letter = kept(case, "Vi vill veta när ni träffar barnet.", by=anna)
    accounts.sign_in(client, anna)
    given = {"recipient": "authority", "to": "Skolan", "person": "", "ground": "party", "kept": [letter.pk]}

    page = client.get(reverse("disclosures:new", args=[case.number])).content.decode()
    answer = client.post(reverse("disclosures:new", args=[case.number]), given)

    made = Disclosure.objects.get()
    assert letter.file.label["name"] in page
    assert answer.status_code == 302
    assert queries.state_of(made) == State.READY
    assert [file.about["name"] for file in queries.files(made)] == [letter.file.label["name"]]
    assert Entry.objects.filter(verb="casework.document.taken_out", subject=letter.pk).count() == 1


def test_a_document_of_another_case_does_not_go_along(case, anna):
    other = kept(casework.case(by=anna), "Hej", by=anna)

    made = disclosure(case, by=anna, text="Hej", kept=[other.pk])

    assert not queries.files(made).exists()
