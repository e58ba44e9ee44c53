"""The table on the page, in CSV and in Excel: the same figures, and the same signs for what is hidden."""

import csv
import io
import re

import openpyxl
import pytest
from django.test import Client

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.statistics.enums import Status
from fridhem.rooms.statistics.models import Release
from tests.factories import accounts, statistics

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategist():
    return statistics.strategist()


@pytest.fixture
def client(strategist) -> Client:
    client = Client()
    client.force_login(strategist)
    return client


def page_rows(html: str) -> list[list[str]]:
    """The table's rows as a reader sees them: header and cells."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.S)[1]
    strip = lambda cell: re.sub(r"<span class=.fh-hidden.*?</span>|<[^>]+>", "", cell).replace("\xa0", "").strip()  # noqa: E731
    return [
        [strip(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


@pytest.mark.parametrize("query", ["", "rows=reason&columns=district", "rows=district&columns=&only_reason=economic_violence"])
def test_the_page_the_csv_and_the_workbook_show_the_same_figures(client, strategist, query):
    statistics.facts()
    statistics.released(by=strategist)

    page = page_rows(client.get(f"/intern/statistik/?{query}").content.decode())
    text = client.get(f"/intern/statistik/fil/tabell.csv?{query}").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/intern/statistik/fil/tabell.xlsx?{query}").content))

    from_csv = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    sheet = book.worksheets[0]
    from_book = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert page == from_csv == from_book[: len(page)]
    assert any(".." in row for row in page)
    assert "En insats som har beviljats av två orsaker" in str([c.value for c in book.worksheets[1]["B"]])


def test_years_stand_beside_each_other_without_a_sum(client, strategist):
    for year in (2024, 2025):
        statistics.facts(year)
        statistics.released(year, by=strategist)

    page = client.get("/intern/statistik/?rows=intervention&columns=year").content.decode()

    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
    assert heads == ["Insats", "2024", "2025"]
    assert page_rows(page)[1] == ["Stödsamtal", "62", "62"]


def test_every_cell_can_be_had_and_hidden_ones_stay_hidden(client, strategist):
    statistics.facts()
    statistics.released(by=strategist)

    text = client.get("/intern/statistik/fil/allt.csv").content.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["antal"] for row in rows}.isdisjoint({"1", "2", "3", "4"})
    assert ".." in {row["antal"] for row in rows}


@pytest.mark.parametrize(
    "query", ["year=1999", "rows=person", "rows=reason&columns=reason", "only_reason=%00", "columns=%F0%9F%98%80", "year="]
)
def test_a_choice_that_cannot_be_shown_gets_the_form_back(client, strategist, query):
    statistics.facts()
    statistics.released(by=strategist)

    answer = client.get(f"/intern/statistik/?{query}")

    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    assert client.get(f"/intern/statistik/fil/tabell.csv?{query}").status_code == 302


def test_a_year_is_ordered_read_through_and_released(client, django_capture_on_commit_callbacks):
    statistics.facts()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/intern/statistik/bestall/", {"year": "2025"}, follow=True)

    ordered = Release.objects.get()
    assert (ordered.status, ordered.year) == (Status.ORDERED, 2025)
    assert "Väntar på att räknas" in answer.content.decode()


def test_readers_see_released_tables_and_nothing_of_those_under_way(strategist):
    statistics.facts()
    ready = statistics.ready(by=strategist)
    reader = Client()
    reader.force_login(accounts.user(Role.AUDITOR))

    assert "Ingen tabell är publicerad än" in reader.get("/intern/statistik/").content.decode()
    for address in (
        f"/intern/statistik/uttag/{ready.pk}/",
        f"/intern/statistik/uttag/{ready.pk}/laget/",
        "/intern/statistik/bestall/",
    ):
        assert reader.get(address).status_code == 403
    assert reader.post(f"/intern/statistik/uttag/{ready.pk}/slapp/").status_code == 403


def test_the_page_asks_the_database_as_much_for_many_years_as_for_one(client, strategist, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for year in (2023, 2024, 2025):
        statistics.facts(year)
        statistics.released(year, by=strategist)
        client.get("/intern/statistik/")  # tables are read once and kept
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/intern/statistik/")
        counts.append(len(asked))

    assert counts[0] == counts[1] == counts[2]
