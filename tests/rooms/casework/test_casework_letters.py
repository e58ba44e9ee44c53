"""Letters: filled in from the case, seen first, kept as documents, and never sent from here."""

import datetime as dt

import pytest
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.reader import docx
from fridhem.rooms.casework import actions, letters, queries
from fridhem.rooms.casework.actions import decisions, documents
from fridhem.rooms.casework.actions import letters as writing
from fridhem.rooms.casework.models import CaseDocument
from fridhem.rooms.casework.rules import CaseClosed
from tests.factories import accounts, casework
from tests.factories.disclosures import HIDDEN, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

MONDAY = casework.MONDAY
TODAY = MONDAY.date()
GIVEN = {"to": "Selma Solvända", "words": "Torsdag klockan tio, på Storgatan 1."}


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def case(anna):
    return casework.case(by=anna)


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def address(case, code: str = "summons") -> str:
    return reverse("casework:letter", args=[case.number, code])


def test_a_letter_is_filled_in_with_what_the_case_says(case, anna):
    text = letters.filled(letters.valid_on(TODAY)["summons"], case, by=anna, on=TODAY, **GIVEN)

    assert text.startswith(f"Vuxen våld\n2 november 2026\nÄrende {case.number}\n\nTill Selma Solvända\n\nKallelse till möte")
    assert GIVEN["words"] in text and text.endswith("Anna Alm")
    assert "{" not in text


def test_what_is_written_is_never_read_for_places(case, anna):
    text = letters.filled(letters.valid_on(TODAY)["summons"], case, by=anna, on=TODAY, to="{writer}", words="{number}")

    assert "Till {writer}" in text and "\n{number}\n" in text


def test_a_decision_is_told_with_its_reasons_and_how_it_is_appealed(case, anna):
    lena = casework.leader(name="Lena Lind")
    made = decisions.decide(
        case, by=lena, at=MONDAY, kind="assistance", outcome="refused", motivation="Behovet är tillgodosett.",
        refused="contact_person", reasons=["no_need"], prepared_by=anna,
    )  # fmt: skip

    text = letters.filled(letters.valid_on(TODAY)["decision"], case, by=anna, on=TODAY, decision=made, **GIVEN)

    assert all(words in text for words in ("Avslås", "av Lena Lind", "Behovet är tillgodosett.", "förvaltningsrätten"))


def test_no_letter_takes_a_name_or_a_detail_from_the_register(anna):
    case = hidden_case(by=anna)

    for letter in letters.valid_on(TODAY).values():
        text = letters.filled(letter, case, by=anna, on=TODAY, to="", words="")
        assert not any(word in text for word in ("Selma", *HIDDEN.values())), letter.code


def test_a_letter_with_a_place_that_nothing_fills_is_refused():
    text = letters.TEXTS.read_text(encoding="utf-8").replace("Till {to}", "Till {adress}", 1)

    with pytest.raises(ValueError, match=r"'summons' has places that nothing fills: adress"):
        letters.read_letters(text)


def test_a_letter_is_written_with_the_text_of_its_day():
    assert letters.valid_on(dt.date(2025, 6, 30)) == {}
    assert list(letters.valid_on(TODAY)) == ["summons", "investigation_opened", "decision", "inquiry"]


def test_it_is_seen_first_and_nothing_is_kept(desk, case):
    page = desk.post(address(case), GIVEN).content.decode()

    assert "Till Selma Solvända" in page and "Spara i ärendet" in page
    assert not CaseDocument.objects.exists()


def test_it_is_kept_as_a_word_file_of_the_case(desk, case, anna):
    answer = desk.post(address(case), {**GIVEN, "keep": "1"})

    kept = queries.documents(case).get()
    assert answer.url == reverse("casework:document", args=[case.number, kept.pk])
    assert kept.file.label["name"].startswith("Kallelse till möte ")
    assert "Selma" not in kept.file.label["name"]
    opened = documents.take_out_document(kept, by=anna, at=MONDAY)
    assert opened.extension == "docx"
    assert GIVEN["words"] in docx.text(opened.data)
    assert Entry.objects.filter(verb="casework.document.added", subject=kept.pk).count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk, case):
    answer = desk.post(address(case, "decision"), {"words": "Skrivet i natt.", "keep": "1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_to' in page and 'href="#id_decision' in page and "Skrivet i natt." in page


def test_every_letter_is_on_the_page_and_another_is_nowhere(desk, case):
    page = desk.get(reverse("casework:letters", args=[case.number])).content.decode()

    assert all(address(case, code) in page for code in letters.valid_on(TODAY))
    assert desk.get(address(case, "nonsense")).status_code == 404


def test_whoever_does_not_work_with_the_case_writes_no_letter_in_it(client, case):
    client.force_login(accounts.user(Role.CASEWORKER, unit=casework.unit()))

    assert client.get(address(case)).status_code == 404


def test_in_a_closed_case_no_letter_is_kept(case, anna):
    actions.close_case(case, by=casework.leader(), at=MONDAY, reason="finished")

    with pytest.raises(CaseClosed):
        writing.keep_letter(case, letters.valid_on(TODAY)["summons"], by=anna, at=MONDAY, **GIVEN)
    assert not CaseDocument.objects.exists()
