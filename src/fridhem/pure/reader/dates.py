"""Dates as Swedish documents print them. Strict: what is not surely a date is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
SHORT_MONTHS = r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.?"
MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
FIRST_YEAR, LAST_YEAR = 1950, 2099

# (name, pattern). Two figures for the year are read only where the whole date is six figures after a body's name,
# which is a rule of its own; "12/3 -26" has no sure reading.
FORMS = (
    ("iso", r"(?<![\d/:-])(?P<y>\d{4})[-‑–.](?P<m>\d{2})[-‑–.](?P<d>\d{2})(?![\d-]|\.\d)"),
    ("words", rf"(?<!\d)(?P<d>\d{{1,2}})(?::e)?\s+(?P<n>{'|'.join(MONTHS)}|{SHORT_MONTHS})\s+(?P<y>\d{{4}})(?!\d)"),
    ("slashes", r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})[\s/-]+(?P<y>\d{4})(?!\d)"),
    ("compact", r"(?<![\d/:-])(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?![\d-])"),
)  # fmt: skip
PATTERNS = tuple((name, re.compile(form, re.IGNORECASE)) for name, form in FORMS)


@dataclass(frozen=True)
class Found:
    """A date and where it stands."""

    start: int
    end: int
    day: date
    form: str


def dates(text: str) -> list[Found]:
    """Give every date in `text`, in order."""
    return sorted(_all(text), key=lambda found: found.start)


def _all(text: str) -> Iterator[Found]:
    for form, compiled in PATTERNS:
        for match in compiled.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else MONTH_NUMBERS[parts["n"][:3].lower()]
            try:
                day = date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                continue
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                yield Found(match.start(), match.end(), day, form)
