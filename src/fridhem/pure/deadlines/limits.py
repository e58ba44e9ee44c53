"""Time limits as dated data: how long, by which law, from when to when, and what may be done with them while they run.

A limit is looked up for the day that something was received, so an old case keeps the limit that it began with.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fridhem.pure.deadlines.span import Span, last_day, parse_span

COLUMNS = (
    "key", "span", "extension", "longest", "four_eyes", "may_pause", "soon", "law_sv", "law_en", "valid_from", "valid_to",
    "verified",
)  # fmt: skip


class Extension(StrEnum):
    """What a limit asks for to be extended."""

    NEVER = "never"
    ROUTINE = "routine"  # the municipality's own reasons
    SPECIAL = "special"  # särskilda skäl
    EXCEPTIONAL = "exceptional"  # synnerliga skäl


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit during one period; both days are included, and `valid_to=None` means until further notice.

    `span` is None where each process says how long. `soon`: so many working days before the last it begins to warn.
    `longest`: by so much extensions may move the ordinary last day, all together; None where nobody has set a number.
    `four_eyes`: one asks for an extension and another decides. `is_verified` is False where the number of the section wasn't
    seen in the text of the law.
    """

    key: str
    span: Span | None
    law_sv: str
    law_en: str
    extension: Extension
    may_pause: bool
    soon: int
    valid_from: date
    valid_to: date | None = None
    is_verified: bool = True
    longest: Span | None = None
    four_eyes: bool = False

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def law(self, language: str = "sv") -> str:
        """The law or routine, in English for "en", otherwise in Swedish, which is the official text."""
        return self.law_en if language.split("-")[0] == "en" else self.law_sv

    def ends(self, received: datetime) -> date:
        """The last day to act on what was received at `received` (in local time). Raises ValueError without a span."""
        if self.span is None:
            raise ValueError(f"The limit {self.key!r} has no span of its own.")
        return last_day(received, self.span)

    def latest(self, ordinary: date) -> date | None:
        """The latest day that an extension of the last day `ordinary` may set; None where any day may be set."""
        return self.longest.after(ordinary) if self.longest else None


class UnknownLimit(ValueError):
    """No limit of that name was in force on that day."""


class BadLimits(ValueError):
    """The text can't be used as a list of time limits."""


@dataclass(frozen=True)
class Limits:
    """Every time limit in all its periods."""

    rows: tuple[Limit, ...]

    def find(self, key: str, *, on: date) -> Limit:
        """The limit `key` as it was on that day. Raises `UnknownLimit`."""
        for known in self.rows:
            if known.key == key and known.is_valid_on(on):
                return known
        raise UnknownLimit(f"There is no time limit {key!r} in force on {on}.")

    def newest(self, key: str) -> Limit:
        """The limit `key` in its last period. Raises `UnknownLimit`."""
        found = [known for known in self.rows if known.key == key]
        if not found:
            raise UnknownLimit(f"There is no time limit {key!r}.")
        return max(found, key=lambda known: known.valid_from)

    def __contains__(self, key: object) -> bool:
        return any(known.key == key for known in self.rows)


def read_limits(text: str) -> Limits:
    """The limits in `text`: CSV with the columns of `COLUMNS`. Raises `BadLimits` with the row and what is wrong in it."""
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BadLimits(f"The first row must name {', '.join(COLUMNS)}.")
    rows = []
    for raw in reader:
        try:
            rows.append(_limit(raw))
        except (ValueError, TypeError, AttributeError) as fault:
            raise BadLimits(f"Row {reader.line_num}: {fault}") from None
    _check_periods(rows)
    return Limits(tuple(rows))


def _limit(raw: dict[str, str]) -> Limit:
    return Limit(
        key=raw["key"],
        span=parse_span(raw["span"]) if raw["span"] else None,
        law_sv=raw["law_sv"],
        law_en=raw["law_en"],
        extension=Extension(raw["extension"]),
        may_pause=_yes(raw["may_pause"]),
        soon=int(raw["soon"]),
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_to=date.fromisoformat(raw["valid_to"]) if raw["valid_to"] else None,
        is_verified=_yes(raw["verified"]),
        longest=parse_span(raw["longest"]) if raw["longest"] else None,
        four_eyes=_yes(raw["four_eyes"]),
    )


def _yes(written: str) -> bool:
    if written not in ("yes", "no"):
        raise ValueError(f"{written!r} must be yes or no.")
    return written == "yes"


def _check_periods(rows: list[Limit]) -> None:
    for one in rows:
        for other in rows:
            if one is not other and one.key == other.key and one.is_valid_on(other.valid_from):
                raise BadLimits(f"{one.key!r} has two periods that overlap on {other.valid_from}.")
