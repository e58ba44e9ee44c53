"""A page of a list that may be long: of cases, of steps."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons import queries as persons

DIGITS = 7  # a longer number is no page


def page_of(found: QuerySet[Any], number: str | None, *, size: int) -> Page:
    """One page of a list of cases or steps, with the people on it ready to be shown.

    The first page for what is no number, the last for one beyond it. Which rows the page has, and how many there are in all, is
    one question; what they are shown with is read for those of the page only.
    """
    pages = Paginator(found, size)
    wanted = max(1, int(number)) if number and number.isdecimal() and len(number) <= DIGITS else 1
    keys = _keys(found, wanted, size)
    if not keys and wanted > 1:
        wanted = pages.num_pages
        keys = _keys(found, wanted, size)
    pages.count = next(iter(keys.values()), 0)
    rows = list(found.filter(pk__in=keys))
    persons.make_ready((row if isinstance(row, Case) else row.case).person for row in rows)
    return Page(rows, wanted, pages)


def _keys(found: QuerySet[Any], number: int, size: int) -> dict[UUID, int]:
    """The rows of a page, each with how many there are in all."""
    return dict(found.values_list("pk", Window(Count("pk")))[(number - 1) * size : number * size])
