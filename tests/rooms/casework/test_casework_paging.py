"""A page of a long list: the rows that belong to it, in order, and how many there are in all."""

import pytest

from fridhem.rooms.casework import queries
from fridhem.rooms.casework.models import Case
from fridhem.rooms.casework.queries.paging import page_of
from tests.factories import accounts, casework

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return accounts.user()


@pytest.fixture
def seven(anna) -> list[str]:
    for _ in range(7):
        casework.case(by=anna)
    return list(queries.listed(anna).order_by("number").values_list("number", flat=True))


@pytest.mark.parametrize(
    ("asked", "number", "rows"),
    [
        (None, 1, slice(0, 3)),
        ("2", 2, slice(3, 6)),
        ("3", 3, slice(6, 7)),
        ("4", 3, slice(6, 7)),
        ("9999999", 3, slice(6, 7)),
        ("9" * 5000, 1, slice(0, 3)),
        ("0", 1, slice(0, 3)),
        ("-1", 1, slice(0, 3)),
        ("tre", 1, slice(0, 3)),
        ("²", 1, slice(0, 3)),
    ],
)
def test_a_page_has_its_rows_in_order_and_says_how_many_there_are(anna, seven, asked, number, rows):
    page = page_of(queries.listed(anna).order_by("number"), asked, size=3)

    assert [case.number for case in page] == seven[rows]
    assert (page.number, page.paginator.count, page.paginator.num_pages) == (number, 7, 3)


def test_no_rows_are_one_empty_page():
    page = page_of(Case.objects.order_by("number"), "2", size=3)

    assert (list(page), page.number, page.paginator.count, page.paginator.num_pages) == ([], 1, 0, 1)


def test_a_page_of_many_is_as_many_questions_as_of_few(anna, seven, django_assert_num_queries):
    listed = queries.listed(anna).order_by("number")

    with django_assert_num_queries(2):
        page_of(listed, "1", size=1)
    with django_assert_num_queries(2):
        page_of(listed, "1", size=7)
