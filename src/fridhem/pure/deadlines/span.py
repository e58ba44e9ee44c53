"""A span of time as a law or a process writes it: two weeks, four months, 24 hours."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fridhem.pure.deadlines.calendar import next_working_day

_WRITTEN = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?(?:T(?P<hours>\d{1,5})H)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A span in calendar time, or in hours; never both."""

    months: int = 0
    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if min(self.months, self.days, self.hours) < 0 or not (self.months or self.days or self.hours):
            raise ValueError("A span must be longer than nothing.")
        if self.hours and (self.months or self.days):
            raise ValueError("Write a span in days and longer, or in hours, not in both.")

    def __str__(self) -> str:
        """As ISO 8601 writes it, in months, days or hours."""
        if self.hours:
            return f"PT{self.hours}H"
        return "P" + (f"{self.months}M" if self.months else "") + (f"{self.days}D" if self.days else "")

    def after(self, day: date) -> date:
        """The day that the span ends, before any holiday is thought of.

        A span in months ends on the day with the same number, or on the last of the month when there's none
        (lag 1930:173, 1 §). Raises ValueError for a span in hours.
        """
        if self.hours:
            raise ValueError("A span in hours begins at a moment, not on a day.")
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)


def parse_span(text: str) -> Span:
    """The span that ISO 8601 writes as `P14D`, `P2W`, `P4M`, `P1Y6M` or `PT24H`.

    Raises ValueError for anything else: minutes, fractions and mixes of days and hours are no legal time limits.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} isn't a span of time: write it as P14D, P2W, P4M or PT24H.")
    part = {name: int(value or 0) for name, value in found.groupdict().items()}
    return Span(months=12 * part["years"] + part["months"], days=7 * part["weeks"] + part["days"], hours=part["hours"])


def last_day(received: datetime, span: Span, *, stood_still: int = 0) -> date:
    """The last day to act on what was received at `received` (in local time); the days that it `stood_still` don't count.

    A span in days or longer that ends on a day when the office is closed ends on the next working day (lag 1930:173, 2 §).
    A span in hours is never prolonged: who must be protected at once isn't helped on Monday.
    """
    if span.hours:
        return (received + timedelta(hours=span.hours, days=stood_still)).date()
    return next_working_day(span.after(received.date()) + timedelta(days=stood_still))


def due_date(received: date, *, days: int) -> date:
    """The last day to act within `days` days of `received`, moved to the next working day where it must be."""
    return next_working_day(received + timedelta(days=days))
