"""The pages of those who measure: order, wait, read in a table and on the drawing."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fridhem.rooms.conformance import actions
from fridhem.rooms.conformance.models import Measurement
from tests.factories import conformance

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return conformance.owner()


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_year_is_ordered_and_waited_for(client):
    answer = client.post(reverse("conformance:order"), {"key": "vinr_adult", "year": timezone.localdate().year})

    ordered = Measurement.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("conformance:measurement", args=[ordered.pk]))
    assert "Väntar på att räknas" in words(client.get(answer["Location"]))
    assert "Våra egna ärenden" in words(client.get(reverse("conformance:measurements")))


@pytest.mark.parametrize("given", [{"key": ""}, {"key": "nothing", "year": "2026"}, {"key": "vinr_adult", "year": "1"}])
def test_what_can_not_be_ordered_says_why(client, given):
    answer = client.post(reverse("conformance:order"), given)

    assert (answer.status_code, Measurement.objects.count()) == (422, 0)


def test_the_figures_stand_in_a_table_and_on_the_drawing(client, owner):
    conformance.followed()
    found = conformance.measured(owner)

    page = client.get(reverse("conformance:measurement", args=[found.pk])).content.decode()

    row = re.search(r"<tr><th scope=\"row\">Aktualisera och bedöma omedelbart skydd(.*?)</tr>", page, re.S)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.S) if row else []
    assert [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells] == ["8", "6", "0", "..dold uppgift", "43", "0", "0"]
    assert 'data-mark="assess_protection"' in page
    assert "sena 43 %, utelämnade 0 %" in re.search(r"<desc[^>]*>(.*?)</desc>", page)[1]


def test_a_part_of_the_figures_is_chosen_and_a_wrong_part_refused(client, owner):
    conformance.followed()
    address = reverse("conformance:measurement", args=[conformance.measured(owner).pk])

    assert (client.get(address, {"quarter": "4"}).status_code, client.get(address, {"quarter": "9"}).status_code) == (200, 422)


def test_the_list_asks_no_more_for_more_rows(client, owner, django_assert_max_num_queries):
    for year in (2024, 2025, 2026):
        actions.order(key="vinr_adult", year=year, by=owner, at=conformance.AT)
    client.get(reverse("conformance:measurements"))

    with django_assert_max_num_queries(12):
        client.get(reverse("conformance:measurements"))
