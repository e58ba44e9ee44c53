"""The headings of an investigation: in which parts and order, for which processes, from which day."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from fridhem.pure.sheets.sheet import Words

CODE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)  # stands in addresses


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading; `code` is what is stored. `ground` is a code of the list of grounds: why it's written.

    `sheets`: in the steps with these sheets more is written about the same. `people`: who is in the case belongs beside it.
    """

    code: str
    name: Words
    hint: Words
    ground: str = ""
    sheets: tuple[str, ...] = ()
    people: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Headings that belong together."""

    name: Words
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings of some processes during one period; both days are included, `valid_to=None` means until further notice."""

    processes: tuple[str, ...]
    parts: tuple[Part, ...]
    valid_from: date
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All of them, in their order."""
        return tuple(heading for part in self.parts for heading in part.headings)


def read_outlines(text: str) -> tuple[Outline, ...]:
    """The outlines in `text` (TOML). Raises ValueError, KeyError or TypeError where they are none."""
    outlines = tuple(_outline(row) for row in tomllib.loads(text)["outline"])
    for outline in outlines:
        _check_codes(outline)
    for one, other in combinations(outlines, 2):
        shared = set(one.processes) & set(other.processes)
        if shared and (one.is_valid_on(other.valid_from) or other.is_valid_on(one.valid_from)):
            raise ValueError(f"Two outlines hold on the same day for: {', '.join(sorted(shared))}.")
    return outlines


def find(outlines: Iterable[Outline], process: str, *, on: date) -> Outline | None:
    """The outline of a process on a day; None when it has none."""
    return next((one for one in outlines if process in one.processes and one.is_valid_on(on)), None)


def _outline(row: Mapping[str, Any]) -> Outline:
    given = {name: value for name, value in row.items() if name not in {"processes", "part"}}
    return Outline(tuple(row["processes"]), tuple(_part(part) for part in row["part"]), **given)


def _part(row: Mapping[str, Any]) -> Part:
    return Part(Words(row["sv"], row["en"]), tuple(_heading(heading) for heading in row["heading"]))


def _heading(row: Mapping[str, Any]) -> Heading:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    name = Words(given.pop("sv"), given.pop("en"))
    hint = Words(given.pop("hint_sv", ""), given.pop("hint_en", ""))
    return Heading(given.pop("code"), name, hint, **given)


def _check_codes(outline: Outline) -> None:
    codes = [heading.code for heading in outline.headings]
    wrong = [code for code in codes if not CODE.fullmatch(code) or codes.count(code) > 1]
    if wrong or not codes:
        raise ValueError(f"An outline has each heading once, by a code of small letters, digits and _; not: {wrong}.")
