"""Time limits, against the calendar on the wall and by properties that must always hold."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.deadlines import calendar, limits
from fridhem.pure.deadlines.span import Span, due_date, last_day, parse_span

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "closed",
    [
        "2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19", "2026-12-24",
        "2026-12-25", "2026-12-31", "2026-11-21", "2026-11-22", "2024-06-06", "2025-06-20", "2027-03-26", "2028-02-26",
    ],
)  # fmt: skip
def test_days_when_the_office_is_closed(closed):
    assert not calendar.is_working_day(day(closed))


@pytest.mark.parametrize(
    "open_day", ["2026-01-02", "2026-01-05", "2026-04-02", "2026-04-30", "2026-06-18", "2026-12-23", "2026-12-30", "2028-02-29"]
)
def test_days_when_the_office_works(open_day):
    assert calendar.is_working_day(day(open_day))


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-02", 14, "2026-11-16"),
        ("2026-11-06", 14, "2026-11-20"),
        ("2026-11-07", 14, "2026-11-23"),  # ends on a Saturday
        ("2026-11-08", 14, "2026-11-23"),  # ends on a Sunday
        ("2026-12-10", 14, "2026-12-28"),  # Christmas Eve, two holidays and a Sunday
        ("2026-12-11", 14, "2026-12-28"),
        ("2026-12-17", 14, "2027-01-04"),  # New Year's Eve, New Year's Day, a weekend
        ("2026-12-23", 14, "2027-01-07"),  # Epiphany
        ("2026-06-05", 14, "2026-06-22"),  # Midsummer Eve
        ("2026-03-20", 14, "2026-04-07"),  # Easter
        ("2026-04-17", 14, "2026-05-04"),  # the first of May, then a weekend
        ("2028-02-15", 14, "2028-02-29"),  # leap day
        ("2026-03-27", 14, "2026-04-10"),  # over the change to summer time
        ("2026-11-02", 0, "2026-11-02"),
    ],
)
def test_fourteen_days_end_on_a_working_day(received, days, due):
    assert due_date(day(received), days=days) == day(due)


@pytest.mark.parametrize(
    ("received", "span", "due"),
    [
        ("2026-02-28", "P4M", "2026-06-29"),  # 28 June is a Sunday
        ("2025-10-31", "P4M", "2026-03-02"),  # no 31 February; the 28th is a Saturday
        ("2026-08-21", "P4M", "2026-12-21"),
        ("2027-10-29", "P4M", "2028-02-29"),
        ("2026-11-02", "P2W", "2026-11-16"),
        ("2026-11-02", "P1Y", "2027-11-02"),
        ("2026-11-02", "P1Y6M", "2028-05-02"),
        ("2026-11-06", "PT24H", "2026-11-07"),  # hours aren't prolonged: a Saturday
    ],
)
def test_spans_end_as_the_law_counts(received, span, due):
    moment = dt.datetime.combine(day(received), dt.time(10), STOCKHOLM)

    assert last_day(moment, parse_span(span)) == day(due)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P14D", Span(days=14)),
        ("P2W", Span(days=14)),
        ("P4M", Span(months=4)),
        ("P1Y2M10D", Span(months=14, days=10)),
        (" PT24H ", Span(hours=24)),
    ],
)
def test_spans_are_read_as_written(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "P", "14", "P0D", "PT5M", "P1DT2H", "P-1D", "P1.5D", "R3/P1D", "P٣D"])
def test_other_spans_are_refused(text):
    with pytest.raises(ValueError, match="span"):
        parse_span(text)


@given(DAYS, st.integers(0, 400))
def test_a_limit_ends_on_the_first_working_day_that_gives_all_the_days(received, days):
    due = due_date(received, days=days)

    assert calendar.is_working_day(due)
    assert due >= received + dt.timedelta(days=days)
    between = [received + dt.timedelta(days=n) for n in range(days, (due - received).days)]
    assert not any(map(calendar.is_working_day, between))
    assert len(between) <= 5  # no Swedish holiday is longer


@given(DAYS, DAYS, st.integers(1, 200))
def test_who_received_it_later_is_never_due_earlier(one, other, days):
    first, second = sorted((one, other))

    assert due_date(first, days=days) <= due_date(second, days=days)


@given(DAYS, st.integers(0, 60))
def test_working_days_added_are_the_working_days_between(start, count):
    end = calendar.add_working_days(start, count)

    assert calendar.working_days_between(start, end) == count


def test_working_days_are_not_counted_backwards():
    assert calendar.working_days_between(day("2026-11-20"), day("2026-11-02")) == 0
    with pytest.raises(ValueError, match="forwards"):
        calendar.add_working_days(day("2026-11-02"), -1)


def test_a_case_keeps_the_law_it_began_under():
    before = limits.limit("preliminary_assessment", on=day("2025-06-30"))
    after = limits.limit("preliminary_assessment", on=day("2025-07-01"))

    assert (before.law, before.is_verified) == ("11 kap. 1 a § socialtjänstlagen (2001:453)", True)
    assert (after.law, after.is_verified) == ("20 kap. 2 § socialtjänstlagen (2025:400)", False)
    assert after.ends(dt.datetime(2026, 12, 10, 15, tzinfo=STOCKHOLM)) == day("2026-12-28")


@pytest.mark.parametrize(("key", "on"), [("preliminary_assessment", "2012-12-31"), ("nothing", "2026-01-01")])
def test_a_limit_that_was_not_in_force_is_refused(key, on):
    with pytest.raises(limits.UnknownLimit):
        limits.limit(key, on=day(on))


def test_the_periods_of_a_limit_never_overlap():
    for one in limits.LIMITS:
        others = [other for other in limits.LIMITS if other.key == one.key and other is not one]
        assert not any(other.is_valid_on(one.valid_from) for other in others)
