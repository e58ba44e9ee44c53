"""What a party would see of a case, tried before anyone shows it."""

import datetime as dt

import pytest
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Quarantined
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import documents, links, sections
from fridhem.rooms.disclosures import actions
from fridhem.rooms.disclosures.models import Disclosure
from fridhem.rooms.disclosures.queries import Seen
from tests.factories import accounts, casework, persons
from tests.factories.disclosures import NOW, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

BAD = "Hon bor på Tranbärsvägen 27 B numera."
GOOD = "Vi träffas på torsdag."


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


def write(case, text: str, *, by, **given) -> None:
    casework_actions.write_note(case, by=by, text=text, **{"sign": True, "at": NOW, **given})


def seen(case, *, by, recipient="other_party", person=None) -> list[Seen]:
    return actions.insight(case, cases.whole_journal(case), by=by, at=NOW, recipient=recipient, person=person)


def address(case) -> str:
    return reverse("disclosures:insight", args=[case.number])


def test_a_note_is_shown_as_it_is_or_blacked_out_with_the_reason(case, anna):
    write(case, GOOD, by=anna)
    write(case, BAD, by=anna, at=NOW + dt.timedelta(minutes=1))

    one, other = seen(case, by=anna)

    assert (one.text, one.why) == (GOOD, [])
    assert "Tranb" not in other.text and other.text.startswith("Hon bor på")
    assert other.why == ["Adress: Den som ärendet gäller"]


def test_what_is_her_own_is_not_withheld_from_her(case, anna):
    write(case, BAD, by=anna)

    (note,) = seen(case, by=anna, recipient="exposed_person", person=case.person_id)

    assert (note.text, note.why) == (BAD, [])


def test_what_is_not_written_to_its_end_or_not_read_here_is_withheld_with_the_reason(case, anna):
    write(case, GOOD, by=anna, sign=False)
    documents.add_document(case, taken=Quarantined(b"fil", Reason.MACROS), name="Tranb.txt", by=anna, at=NOW)

    draft, document = seen(case, by=anna)

    assert (draft.text, document.text) == ("", "")
    assert draft.why == ["Anteckningen är inte signerad: den är ett utkast."]
    assert document.why == ["Handlingar prövas en och en, som fil, när de lämnas ut."]


def test_of_the_investigation_what_is_signed_is_shown_or_blacked_out_and_a_draft_is_not(case, anna):
    sections.write_section(case, "violence", by=anna, at=NOW, text=BAD, revision=0, sign=True)
    sections.write_section(case, "violence", by=anna, at=NOW, text="Nytt.", revision=1)
    sections.write_section(case, "health", by=anna, at=NOW, text=GOOD, revision=0)

    found = {one.what: (one.text, one.why) for one in seen(case, by=anna)}

    assert found["Utredning: Hälsa"] == ("", ["Avsnittet är inte signerat: det är ett utkast."])
    text, why = found["Utredning: Våldet"]
    assert text.startswith("Hon bor på") and "Tranb" not in text
    assert why == ["Adress: Den som ärendet gäller"]


def test_the_file_of_the_one_who_uses_violence_would_not_tell_of_the_exposed(case, anna):
    uses = casework.case(by=anna, person_id=persons.person(name="Viktor Vass").pk, process="uses_violence")
    write(uses, BAD, by=anna)
    links.link(case, uses, kind="uses_violence", by=anna, at=NOW)

    (note,) = seen(uses, by=anna, recipient="person_using_violence", person=uses.person_id)

    assert "Tranb" not in note.text
    assert note.why == ["Adress: någon i ärendet"]


def test_the_page_shows_what_would_be_seen_and_keeps_nothing_but_the_line_in_the_record(client, case, anna):
    write(case, GOOD, by=anna)
    write(case, BAD, by=anna)
    accounts.sign_in(client, anna)

    answer = client.get(address(case), {"recipient": "other_party", "person": ""})

    page = answer.content.decode()
    assert GOOD in page and "Tranb" not in page and "Adress: Den som ärendet gäller" in page
    assert not Disclosure.objects.exists()
    assert Entry.objects.filter(verb="disclosures.case.previewed", actor=anna.pk, reason="other_party").count() == 1


def test_on_the_page_too_her_own_is_not_withheld_from_her(client, case, anna):
    write(case, BAD, by=anna)
    accounts.sign_in(client, anna)

    page = client.get(address(case), {"recipient": "exposed_person", "person": case.person_id}).content.decode()

    assert BAD in page


def test_the_page_asks_for_whom_first_and_says_what_is_wrong_at_its_field(client, case, anna):
    write(case, GOOD, by=anna)
    accounts.sign_in(client, anna)

    first = client.get(address(case))
    wrong = client.get(address(case), {"recipient": "everyone", "person": "nobody"})

    assert (first.status_code, wrong.status_code) == (200, 422)
    assert all(GOOD not in answer.content.decode() for answer in (first, wrong))
    assert 'href="#id_recipient' in wrong.content.decode()


def test_a_case_that_one_does_not_work_with_has_no_such_page(client, case):
    accounts.sign_in(client, accounts.user(Role.CASEWORKER, unit=casework.unit()))

    assert client.get(address(case), {"recipient": "police"}).status_code == 404


def test_the_page_costs_the_same_for_one_note_and_three(client, case, anna, django_assert_max_num_queries):
    accounts.sign_in(client, anna)

    def cost() -> int:
        with django_assert_max_num_queries(60) as counted:
            client.get(address(case), {"recipient": "other_party"})
        return len(counted)

    write(case, GOOD, by=anna)
    first = cost()
    write(case, BAD, by=anna)
    write(case, GOOD, by=anna)
    assert cost() == first
