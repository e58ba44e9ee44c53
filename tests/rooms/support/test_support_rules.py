"""Whom an offer is for, and when someone answers."""

from datetime import date, datetime, time

import pytest
from django.utils.translation import override

from fridhem.pure.refusals import NotNow
from fridhem.rooms.support import catalogue, rules
from fridhem.rooms.support.rules import Terms

DAY = date(2026, 11, 23)
NEVER = (None, None)
OFFICE = (time(8), time(16, 30))
NIGHT = (time(16, 30), time(8))
ALWAYS = (time(0), time(0))


def terms(age_from: int = 0, age_to: int | None = None, child: str = "guardians", youth: str = "own") -> Terms:
    return Terms(age_from, age_to, child, youth)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, None, "all ages"), (18, None, "from 18 years"), (0, 17, "up to 17 years"), (15, 20, "15–20 years")],
)
def test_ages_are_told_in_words(low: int, high: int | None, words: str):
    with override("en"):
        assert terms(low, high).ages == words


@pytest.mark.parametrize(
    ("given", "band", "fits"),
    [
        (terms(15), "child", False),
        (terms(15), "youth", True),
        (terms(15), "adult", True),
        (terms(0, 17), "adult", False),
        (terms(16, 20), "youth", True),
        (terms(16, 20), "adult", True),
        (terms(40), "unknown", True),
    ],
)
def test_an_age_band_fits_when_anyone_of_it_can_have_the_offer(given: Terms, band: str, fits: bool):
    assert (rules.misfit(given, catalogue.bands(on=DAY)[band]) == "") is fits


@pytest.mark.parametrize(
    ("age", "band"), [(0, "child"), (14, "child"), (15, "youth"), (17, "youth"), (18, "adult"), (99, "adult")]
)
def test_every_age_has_a_band(age: int, band: str):
    assert rules.band_of(age, catalogue.bands(on=DAY).values()) == band


def test_guardians_are_asked_where_the_offer_says_so():
    given = terms(0, None, child="guardians", youth="own")

    assert [rules.needs_guardians(given, band) for band in ("child", "youth", "adult", "unknown")] == [True, False, False, False]


@pytest.mark.parametrize(("violence", "told"), [("no", ["neglect"]), ("not_asked", ["neglect"]), ("yes", [])])
def test_forms_of_violence_are_told_after_a_yes_and_only_then(violence: str, told: list[str]):
    with pytest.raises(NotNow):
        rules.check_violence(violence, told)


@pytest.mark.parametrize(
    ("working", "other", "at", "is_open"),
    [
        (OFFICE, NEVER, datetime(2026, 11, 23, 8), True),
        (OFFICE, NEVER, datetime(2026, 11, 23, 16, 30), False),
        (OFFICE, NEVER, datetime(2026, 11, 22, 9), False),  # a Sunday
        (OFFICE, NEVER, datetime(2026, 12, 25, 9), False),  # Christmas Day, a Friday
        (NIGHT, ALWAYS, datetime(2026, 11, 23, 12), False),
        (NIGHT, ALWAYS, datetime(2026, 11, 23, 23), True),
        (NIGHT, ALWAYS, datetime(2026, 11, 24, 7, 59), True),  # since Monday evening
        (NIGHT, ALWAYS, datetime(2026, 11, 21, 12), True),  # a Saturday
        (NIGHT, NEVER, datetime(2026, 11, 21, 7), True),  # since Friday evening
        (NIGHT, NEVER, datetime(2026, 11, 23, 7), False),  # nobody since Saturday morning
        (NEVER, NEVER, datetime(2026, 11, 23, 12), False),
    ],
)
def test_who_answers_follows_the_calendar_and_the_clock(working, other, at: datetime, is_open: bool):
    assert rules.is_open(working, other, at) is is_open


def test_hours_are_told_in_words():
    with override("en"):
        assert [rules.in_words(one) for one in (OFFICE, ALWAYS, NEVER)] == ["8.00–16.30", "around the clock", "closed"]


def test_what_ships_is_whole():
    found = catalogue.situations(on=DAY)

    assert [one.code for one in found] == ["danger", "adult", "child", "honour", "uses_violence", "housing"]
    assert found[0].call == "112"
    assert all(one.advice(language).say and one.advice(language).meanwhile for one in found for language in ("sv", "en"))
    assert set(catalogue.bands(on=DAY)) == {code.code for code in catalogue.codes("ages").valid_on(DAY)}
