"""Time limits as dated data: how long, by which law, from when to when.

A limit is looked up for the day that something was received, so an old case keeps the limit that it began with.
"""

from dataclasses import dataclass
from datetime import date, datetime

from fridhem.pure.deadlines.span import Span, last_day


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit during one period; both days are included, and `valid_to=None` means until further notice.

    `is_verified` is False where the number of the section wasn't seen in the text of the law.
    """

    key: str
    span: Span
    law: str
    valid_from: date
    valid_to: date | None = None
    is_verified: bool = True

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def ends(self, received: datetime) -> date:
        """The last day to act on what was received at `received` (in local time)."""
        return last_day(received, self.span)


class UnknownLimit(ValueError):
    """No limit of that name was in force on that day."""


_OLD_ACT_ENDS, _NEW_ACT = date(2025, 6, 30), date(2025, 7, 1)

LIMITS: tuple[Limit, ...] = (
    Limit("preliminary_assessment", Span(days=14), "11 kap. 1 a § socialtjänstlagen (2001:453)", date(2013, 1, 1), _OLD_ACT_ENDS),
    Limit("preliminary_assessment", Span(days=14), "20 kap. 2 § socialtjänstlagen (2025:400)", _NEW_ACT, is_verified=False),
    Limit("child_investigation", Span(months=4), "11 kap. 2 § socialtjänstlagen (2001:453)", date(2002, 1, 1), _OLD_ACT_ENDS),
    Limit("child_investigation", Span(months=4), "20 kap. 3 § socialtjänstlagen (2025:400)", _NEW_ACT, is_verified=False),
)


def limit(key: str, *, on: date) -> Limit:
    """The limit `key` as it was on that day. Raises `UnknownLimit`."""
    for known in LIMITS:
        if known.key == key and known.is_valid_on(on):
            return known
    raise UnknownLimit(f"There is no time limit {key!r} in force on {on}.")
