"""The pages of what leaves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.rooms.disclosures import actions
from fridhem.rooms.disclosures.models import Disclosure
from tests.factories import accounts, casework, outgoing
from tests.factories.disclosures import NOW, disclosure, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

BAD = "Hon bor på Tranbärsvägen 27 B numera."
GIVEN = {"recipient": "other_party", "to": "Ombud Olle Odon", "person": "", "ground": "party", "text": BAD}


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


def text_of(response) -> str:
    return response.content.decode()


def test_a_stopped_disclosure_says_what_and_where_and_how_to_go_on(client, anna, case):
    accounts.sign_in(client, anna)
    file = SimpleUploadedFile("brev.docx", outgoing.CARRIERS["docx comment"]("070-174 06 58")[1])

    page = text_of(client.post(reverse("disclosures:new", args=[case.number]), {**GIVEN, "documents": [file]}, follow=True))

    assert "Stoppad" in page
    assert "brev.docx, en kommentar" in page
    assert "Telefon" in page
    assert "Släpp igenom" in page
    assert "070-174" not in page


def test_the_whole_way_of_a_stopped_disclosure(client, anna, case):
    lena = casework.leader()
    accounts.sign_in(client, anna)
    client.post(reverse("disclosures:new", args=[case.number]), GIVEN)
    made = Disclosure.objects.get()
    client.post(reverse("disclosures:allow", args=[made.pk]), {"reason": "Måste"})
    assert client.post(reverse("disclosures:leave", args=[made.pk]), {"way": "post"}).status_code == 409
    accounts.sign_in(client, lena)
    client.post(reverse("disclosures:allow", args=[made.pk]), {"reason": "Läst"})
    page = text_of(client.post(reverse("disclosures:leave", args=[made.pk]), {"way": "post"}, follow=True))

    assert "Har lämnats ut" in page
    fetched = client.get(reverse("disclosures:fetch-text", args=[made.pk]))
    assert fetched.content.decode() == BAD
    assert fetched["Cache-Control"] == "no-store"


def test_nothing_is_fetched_before_it_has_left(client, anna, case):
    made = disclosure(case, by=anna, text="Hej", documents=[("a.txt", b"Hej")])
    accounts.sign_in(client, anna)

    for url in (
        reverse("disclosures:fetch-text", args=[made.pk]),
        reverse("disclosures:fetch", args=[made.pk, made.files.get().pk]),
    ):
        assert client.get(url).status_code == 409


def test_a_form_without_anything_asks_again(client, anna, case):
    accounts.sign_in(client, anna)

    answer = client.post(reverse("disclosures:new", args=[case.number]), {**GIVEN, "text": "", "ground": ""})

    assert answer.status_code == 422
    assert not Disclosure.objects.exists()


def test_the_preview_shows_black_and_keeps_nothing(client, anna, case):
    accounts.sign_in(client, anna)
    given = {"recipient": "other_party", "person": "", "text": BAD}

    page = text_of(client.post(reverse("disclosures:preview", args=[case.number]), given))

    assert "██████" in page
    assert "får inte lämnas ut" in page
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", ["of-case", "new", "preview"])
def test_for_those_who_need_not_know_the_pages_of_the_case_are_not_there(client, case, name):
    accounts.sign_in(client, accounts.user(Role.CASEWORKER))

    assert client.get(reverse(f"disclosures:{name}", args=[case.number])).status_code == 404


@pytest.mark.parametrize("name", ["disclosure", "allow", "leave", "fetch-text"])
def test_for_those_who_need_not_know_a_disclosure_is_not_there(client, anna, case, name):
    made = disclosure(case, by=anna, text=BAD)
    accounts.sign_in(client, accounts.user(Role.CASEWORKER))

    assert client.get(reverse(f"disclosures:{name}", args=[made.pk])).status_code == 404


def test_the_case_page_shows_the_disclosures(client, anna, case):
    disclosure(case, by=anna, text=BAD)
    accounts.sign_in(client, anna)

    page = text_of(client.get(reverse("casework:case", args=[case.number])))

    assert "Utlämnanden" in page
    assert "Den andra parten" in page


def test_the_privacy_officer_reads_the_ledger_and_its_file(client, anna, case):
    actions.let_leave(disclosure(case, by=anna, text="Hej", to="=HYPERLINK()"), by=anna, at=NOW, way="post")
    disclosure(case, by=anna, text=BAD)
    accounts.sign_in(client, accounts.user(Role.PRIVACY_OFFICER))

    page = text_of(client.get(reverse("disclosures:ledger"), {"q": case.number}))
    file = client.get(reverse("disclosures:ledger-file"), {"state": "left"})

    assert page.count(case.number) >= 2
    lines = file.content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[5] for line in lines] == ["Status", "Har lämnats ut"]
    assert "Odon" not in page
    assert "Tranb" not in page
    assert Entry.objects.filter(verb="disclosures.ledger.read").count() == 2


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMINISTRATOR])
def test_nobody_else_reads_the_ledger(client, role):
    accounts.sign_in(client, accounts.user(role))

    assert client.get(reverse("disclosures:ledger")).status_code == 403
    assert client.get(reverse("disclosures:ledger-file")).status_code == 403
