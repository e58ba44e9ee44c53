"""A time limit as it runs: when it ends, how much is left, and what a lawful extension or a pause does to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fridhem.pure.deadlines.calendar import ONE_DAY, next_working_day, working_days_between
from fridhem.pure.deadlines.span import Span, last_day


class Standing(StrEnum):
    """How a time limit stands on a day."""

    RUNNING = "running"
    SOON = "soon"  # few working days are left
    TODAY = "today"  # the last day
    LATE = "late"
    STILL = "still"  # it stands still


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock says on a day: `days` and `working_days` left, or gone since the last day when it's late."""

    standing: Standing
    last_day: date | None
    days: int = 0
    working_days: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit that began at a moment (local time).

    `stood_still`: how many days it has stood still, all pauses together. `until`: the last day that a decision to extend has set,
    which isn't moved to a working day, since it's a day and no span. `is_still`: it stands still now.
    """

    began: datetime
    span: Span
    stood_still: int = 0
    until: date | None = None
    is_still: bool = False

    @property
    def ordinary(self) -> date:
        """The last day without any extension; what it has stood still is counted."""
        return last_day(self.began, self.span, stood_still=self.stood_still)

    @property
    def last_day(self) -> date | None:
        """The last day to act; None while it stands still. An extension never shortens."""
        if self.is_still:
            return None
        if self.until is None:
            return self.ordinary
        extended = next_working_day(self.until + timedelta(days=self.stood_still)) if self.stood_still else self.until
        return max(self.ordinary, extended)

    def warns_from(self, *, soon: int) -> date | None:
        """The first day on which `soon` working days or fewer are left; None while it stands still."""
        last = day = self.last_day
        if last is None or day is None:
            return None
        while working_days_between(day - ONE_DAY, last) <= soon:
            day -= ONE_DAY
        return day

    def reading(self, on: date, *, soon: int) -> Reading:
        """How it stands on a day; `soon`: so many working days before the last one it begins to warn."""
        last = self.last_day
        if last is None:
            return Reading(Standing.STILL, None)
        if on > last:
            return Reading(Standing.LATE, last, (on - last).days, working_days_between(last, on))
        left = working_days_between(on, last)
        standing = Standing.TODAY if on == last else Standing.SOON if left <= soon else Standing.RUNNING
        return Reading(standing, last, (last - on).days, left)
