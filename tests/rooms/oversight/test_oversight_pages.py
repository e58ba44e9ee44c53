"""The pages of oversight, as the browser asks for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Entry
from tests.factories import accounts, casework
from tests.factories.oversight import AFTER, question, reading, review

pytestmark = pytest.mark.django_db
HOME = "/intern/granskning/"


def signed_in(client, role, **given):
    user = accounts.user(role=role, **given)
    client.force_login(user)
    return user


def test_the_colleague_finds_the_question_on_the_first_page_and_answers(client):
    colleague = signed_in(client, Role.CASEWORKER)
    asked = question(colleague)
    assert "Du har en fråga om något som du har läst" in client.get("/").content.decode()

    page = f"{HOME}att-besvara/{asked.pk}/"
    assert client.post(page, {"answer": ""}).status_code == 422
    assert client.post(page, {"answer": "my_case"}).status_code == 302

    assert "Du har en fråga" not in client.get("/").content.decode()
    assert client.post(page, {"answer": "mistake"}).status_code == 409


def test_the_reviewer_decides_and_saves_the_week(client):
    colleague = accounts.user(name="Viola Vintergäck")
    asked = question(colleague)
    signed_in(client, Role.PRIVACY_OFFICER)

    week = f"{HOME}vecka/{asked.review_id}/"
    assert "Viola Vintergäck" in client.get(week).content.decode()
    assert "Viola Vintergäck" not in client.get(week, {"q": "Vera"}).content.decode()
    assert "Viola Vintergäck" not in client.get(week, {"standing": "decided"}).content.decode()
    assert client.post(f"{HOME}fraga/{asked.pk}/", {"outcome": "breach"}).status_code == 302
    assert "inom 72 timmar" in client.get(f"{HOME}fraga/{asked.pk}/").content.decode()

    file = client.get(f"{week}fil/")
    assert file["Content-Disposition"].endswith('.csv"')
    assert "Viola Vintergäck" in file.content.decode("utf-8-sig")
    assert Entry.objects.filter(verb="oversight.review.exported").count() == 1


def test_ones_own_question_is_no_page_for_review(client):
    officer = signed_in(client, Role.PRIVACY_OFFICER)
    asked = question(officer)

    assert client.get(f"{HOME}fraga/{asked.pk}/").status_code == 404


def test_an_alert_is_looked_into(client):
    signed_in(client, Role.ADMINISTRATOR)
    raised = alert(AlertKind.BACKUP_LATE, subject=None, about_user=None, at=AFTER, roles=[Role.ADMINISTRATOR])
    assert "Säkerhetskopian är sen" in client.get(f"{HOME}larm/").content.decode()

    assert client.post(f"{HOME}larm/{raised.pk}/", {"outcome": ""}).status_code == 422
    assert client.post(f"{HOME}larm/{raised.pk}/", {"outcome": "technical"}).status_code == 302

    assert "Inga larm här" in client.get(f"{HOME}larm/").content.decode()
    assert "Säkerhetskopian är sen" in client.get(f"{HOME}larm/", {"visa": "answered"}).content.decode()


def test_the_record_is_browsed_and_an_extract_printed(client):
    case = casework.case()
    mine = case.assignments.first().user
    reading(mine, subject=case)
    signed_in(client, Role.PRIVACY_OFFICER)

    assert "Läste ärendet" not in client.get(f"{HOME}loggen/").content.decode()
    found = client.get(f"{HOME}loggen/", {"number": case.number, "colleague": str(mine.pk), "since": "", "until": ""})
    assert "Läste ärendet" in found.content.decode()
    assert client.get(f"{HOME}loggen/", {"number": "V-FINNSEJ"}).status_code == 409

    page = client.post(f"{HOME}utdrag/", {"number": case.number.lower()})
    assert "Läste ärendet" in page.content.decode()
    assert Entry.objects.filter(verb="oversight.extract.made", about=case.pk).count() == 1


@pytest.mark.parametrize("page", ["", "larm/", "loggen/", "utdrag/"])
def test_the_caseworker_has_no_door_here(client, page):
    signed_in(client, Role.CASEWORKER)

    assert client.get(HOME + page).status_code == 403


def test_a_longer_list_asks_no_more_questions(client):
    signed_in(client, Role.PRIVACY_OFFICER)
    people = [accounts.user() for _ in range(3)]
    for one in people:
        reading(one)
    week = review()
    client.get(f"{HOME}vecka/{week.pk}/")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"{HOME}vecka/{week.pk}/").status_code == 200
        return len(asked)

    three = count()
    week.questions.exclude(colleague=people[0]).delete()
    assert count() == three
