"""The pages of an import, without JavaScript: upload, say what is what, look, confirm."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.casework.models import Case
from fridhem.rooms.importing import actions
from fridhem.rooms.importing.models import Extract
from tests.factories import accounts, importing
from tests.factories.importing import AT, data, number, row

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def lena():
    return importing.leader()


@pytest.fixture
def desk(client, lena):
    client.force_login(lena)
    return client


def uploaded(lena, *rows) -> Extract:
    with accounts.at_work(lena):
        return importing.uploaded(*rows, by=lena)


def url(name: str, *given) -> str:
    return reverse(f"importing:{name}", args=given)


def test_a_file_is_uploaded_mapped_looked_at_and_confirmed(desk):
    bad = row("2", number(2), outcome="bra")
    file = SimpleUploadedFile("utdrag.csv", data(row("1"), bad, row("3", number(3), outcome="dåligt")))

    answer = desk.post(url("upload"), {"source": "Gamla systemet", "file": file})
    made = Extract.objects.get()
    columns = desk.get(answer.url)
    chosen = {name: field.initial for name, field in columns.context["form"].fields.items()}
    to_codes = desk.post(answer.url, chosen)
    codes = desk.get(to_codes.url)
    said = {name: field.initial for name, field in codes.context["form"].fields.items()}
    to_extract = desk.post(to_codes.url, said | {"outcome_1": "not_met"})
    looked = desk.get(to_extract.url)
    confirmed = desk.post(to_extract.url)

    assert (answer.url, to_codes.url, to_extract.url) == tuple(url(name, made.pk) for name in ("columns", "codes", "extract"))
    assert "Bra" not in said.values() and said["outcome_0"] == "met"
    text = looked.content.decode()
    assert "Läs in 2 ärenden" in text and "Koden motsvarar ingen av våra." in text
    assert number(1) not in text and "Anna Klöver" in text
    assert confirmed.url == to_extract.url
    made.refresh_from_db()
    assert (made.status, made.total, made.told) == ("importing", 2, [[4, "outcome", "unknown_code"]])
    assert Case.objects.count() == 0, "the worker imports"
    assert "Läses in" in desk.get(to_extract.url).content.decode()


def test_a_bad_file_is_told_at_the_field_and_the_name_is_kept(desk):
    answer = desk.post(url("upload"), {"source": "Gamla systemet", "file": SimpleUploadedFile("a.csv", b"PK\x03\x04")})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "varken en CSV-fil eller en XLSX-arbetsbok" in text and "Gamla systemet" in text


def test_a_column_is_one_thing_and_what_is_needed_is_chosen(desk, lena):
    made = uploaded(lena)

    answer = desk.post(url("columns", made.pk), {"case_number": "pnr", "name": "pnr"})

    assert answer.status_code == 422
    assert "redan vald för något annat" in answer.content.decode()
    assert "district" in answer.context["form"].errors


def test_the_list_of_faults_is_fetched_as_csv(desk, lena):
    made = uploaded(lena, row("1", outcome="=2+2"))

    lines = desk.get(url("faults", made.pk)).content.decode("utf-8-sig").splitlines()

    assert lines == [
        "Rad;Kolumn;Vad som är fel;Vad du kan göra",
        "2;Resultat;Koden motsvarar ingen av våra.;Välj vilken av våra koder det är.",
    ]


def test_the_description_of_an_extract_is_fetched_as_a_table_schema(desk):
    answer = desk.get(url("schema"))

    assert answer["Content-Type"] == "application/json"
    assert answer.json()["$schema"].endswith("tableschema.json")
    assert all({"name", "title", "type", "description"} <= set(field) for field in answer.json()["fields"])


def test_an_extract_is_thrown_away(desk, lena):
    made = uploaded(lena)

    assert desk.get(url("throw-away", made.pk)).status_code == 200
    desk.post(url("throw-away", made.pk))

    made.refresh_from_db()
    assert made.status == "gone"
    assert "0 ärenden ur det lästes in" in desk.get(url("extract", made.pk)).content.decode()
    assert desk.get(url("columns", made.pk)).status_code == 409


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.TEAM_LEADER])
def test_it_is_no_page_for_others(client, lena, role):
    made = uploaded(lena)
    client.force_login(accounts.user(role))

    assert client.get(url("extracts")).status_code in {403, 404}
    assert client.get(url("extract", made.pk)).status_code in {403, 404}


def test_another_leader_doesnt_find_the_extract(client, lena):
    made = uploaded(lena)
    client.force_login(importing.leader())

    assert client.get(url("extract", made.pk)).status_code == 404


def test_the_case_page_says_where_the_case_came_from(desk, lena, as_face):
    made = uploaded(lena, row("2024:17"))
    with accounts.at_work(lena):
        actions.confirm(made, by=lena, at=AT)
        with as_face("worker"):
            actions.carry_out(made.pk, at=AT)

    text = desk.get(reverse("casework:case", args=[Case.objects.get().number])).content.decode()

    assert "Från Gamla systemet, där det hade nummer 2024:17." in text


def test_a_list_of_three_costs_as_many_questions_as_one(desk, lena):
    uploaded(lena)
    desk.get(url("extracts"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(url("extracts"))
    uploaded(lena), uploaded(lena)

    with CaptureQueriesContext(connection) as three:
        desk.get(url("extracts"))

    assert len(one) == len(three)
