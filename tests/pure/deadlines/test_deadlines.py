"""Time limits, against the calendar on the wall and by properties that must always hold."""

import csv
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.deadlines import calendar, limits
from fridhem.pure.deadlines.clock import Clock, Reading, Standing
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


EXAMPLES = list(csv.DictReader((Path(__file__).parent / "examples.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each['began']} {each['span']}")
def test_the_table_that_was_reckoned_by_hand(example):
    began = dt.datetime.fromisoformat(example["began"])
    clock = Clock(
        began.replace(tzinfo=STOCKHOLM),
        parse_span(example["span"]),
        stood_still=int(example["stood_still"] or 0),
        until=day(example["until"]) if example["until"] else None,
    )

    assert clock.last_day == day(example["last_day"]), example["why"]


def test_the_table_has_at_least_a_hundred_examples():
    assert len(EXAMPLES) >= 100


@pytest.mark.parametrize(
    ("on", "reading"),
    [
        ("2026-11-02", Reading(Standing.RUNNING, day("2026-11-16"), 14, 10)),
        ("2026-11-10", Reading(Standing.RUNNING, day("2026-11-16"), 6, 4)),
        ("2026-11-11", Reading(Standing.SOON, day("2026-11-16"), 5, 3)),
        ("2026-11-15", Reading(Standing.SOON, day("2026-11-16"), 1, 1)),
        ("2026-11-16", Reading(Standing.TODAY, day("2026-11-16"), 0, 0)),
        ("2026-11-17", Reading(Standing.LATE, day("2026-11-16"), 1, 1)),
        ("2026-11-22", Reading(Standing.LATE, day("2026-11-16"), 6, 4)),
    ],
)
def test_a_clock_says_how_it_stands(on, reading):
    clock = Clock(dt.datetime(2026, 11, 2, 9, tzinfo=STOCKHOLM), Span(days=14))

    assert clock.reading(day(on), soon=3) == reading


def test_a_clock_that_stands_still_has_no_last_day():
    clock = Clock(dt.datetime(2026, 11, 2, 9, tzinfo=STOCKHOLM), Span(days=14), is_still=True)

    assert clock.reading(day("2027-11-02"), soon=3) == Reading(Standing.STILL, None)


@given(DAYS, st.integers(1, 200), st.integers(0, 90), st.dates(dt.date(2000, 1, 1), dt.date(2061, 12, 31)))
def test_neither_an_extension_nor_a_pause_takes_a_day_away(received, days, stood_still, until):
    began = dt.datetime.combine(received, dt.time(9), STOCKHOLM)
    plain = Clock(began, Span(days=days)).last_day

    changed = Clock(began, Span(days=days), stood_still=stood_still, until=until).last_day

    assert changed >= plain
    assert changed >= until


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


LIMITS = """key,span,extension,longest,four_eyes,may_pause,soon,law_sv,law_en,valid_from,valid_to,verified
assessment,P14D,exceptional,P1M,no,no,3,gamla lagen,old act,2013-01-01,2025-06-30,yes
assessment,P14D,exceptional,P2W,yes,no,3,nya lagen,new act,2025-07-01,,no
routine,,routine,,no,yes,3,rutinen,the routine,2000-01-01,,yes
"""


def test_a_case_keeps_the_law_it_began_under():
    known = limits.read_limits(LIMITS)
    before, after = (known.find("assessment", on=day(on)) for on in ("2025-06-30", "2025-07-01"))

    assert (before.law(), before.law("en-gb"), before.is_verified) == ("gamla lagen", "old act", True)
    assert (after.law(), after.is_verified, after.extension) == ("nya lagen", False, limits.Extension.EXCEPTIONAL)
    assert after.ends(dt.datetime(2026, 12, 10, 15, tzinfo=STOCKHOLM)) == day("2026-12-28")
    assert [known.find("assessment", on=day(on)).latest(day("2025-01-31")) for on in ("2025-06-30", "2025-07-01")] == [
        day("2025-02-28"),
        day("2025-02-14"),
    ]
    assert (after.four_eyes, known.newest("assessment"), known.newest("routine").latest(day("2025-01-31"))) == (True, after, None)
    assert "routine" in known
    with pytest.raises(ValueError, match="no span"):
        known.find("routine", on=day("2026-01-01")).ends(dt.datetime(2026, 12, 10, 15, tzinfo=STOCKHOLM))


@given(DAYS, st.integers(1, 200), st.integers(0, 15))
def test_a_clock_warns_from_the_first_day_on_which_few_working_days_are_left(began, days, soon):
    clock = Clock(dt.datetime.combine(began, dt.time(9), STOCKHOLM), Span(days=days))

    first = clock.warns_from(soon=soon)

    assert calendar.working_days_between(first, clock.last_day) <= soon
    assert calendar.working_days_between(first - dt.timedelta(days=1), clock.last_day) > soon


@pytest.mark.parametrize(("key", "on"), [("assessment", "2012-12-31"), ("nothing", "2026-01-01")])
def test_a_limit_that_was_not_in_force_is_refused(key, on):
    with pytest.raises(limits.UnknownLimit):
        limits.read_limits(LIMITS).find(key, on=day(on))


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("key,span", "key,length", "The first row must name"),
        ("2025-07-01,,no", "2025-06-30,,no", "two periods that overlap"),
        ("P14D", "fourteen", "Row 2: 'fourteen' isn't a span"),
        ("P1M,no", "P1M,perhaps", "Row 2: 'perhaps' must be yes or no"),
        ("exceptional", "sometimes", "Row 2: 'sometimes' is not a valid Extension"),
    ],
)
def test_a_bad_list_of_limits_is_refused(was, now, fault):
    with pytest.raises(limits.BadLimits, match=fault):
        limits.read_limits(LIMITS.replace(was, now))
