"""A dated code list: which codes may be chosen on a day, and what they are called."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


class UnknownCode(ValueError):
    """The list has no such code, or not on that day."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code during one period; both days are included, and `valid_to=None` means until further notice."""

    code: str
    label_sv: str
    label_en: str
    valid_from: date
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def label(self, language: str = "sv") -> str:
        """The English label for "en" (and "en-gb" …), otherwise the Swedish one, which is the official text."""
        return self.label_en if language.split("-")[0] == "en" else self.label_sv


@dataclass(frozen=True)
class CodeList:
    """The codes of one subject in the order of the list; a code that changes its label has one `Code` per period."""

    name: str
    codes: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def valid_on(self, day: date) -> tuple[Code, ...]:
        """The codes that may be chosen on `day`."""
        return tuple(code for code in self.codes if code.is_valid_on(day))

    def label_of(self, code: str, language: str = "sv", *, on: date | None = None) -> str:
        """What a stored code was called on a day (is called now, or was last, without one); an unknown one is shown as it is."""
        known = sorted((period for period in self.codes if period.code == code), key=lambda period: period.valid_from)
        then = [period for period in known if on and period.is_valid_on(on)]
        found = then or known
        return found[-1].label(language) if found else code

    def find(self, code: str, *, on: date) -> Code:
        """The code as it was on that day.

        Raises UnknownCode when the list never had the code, or had it at another time.
        """
        periods = self.periods(code)
        for period in periods:
            if period.is_valid_on(on):
                return period
        spans = ", ".join(f"{p.valid_from}–{p.valid_to or ''}" for p in periods)
        raise UnknownCode(f"The code {code!r} in {self.name!r} is not valid on {on}; it is valid {spans}.")

    def periods(self, code: str) -> tuple[Code, ...]:
        """Every period of one code, oldest first; raises UnknownCode when there is none."""
        periods = tuple(sorted((c for c in self.codes if c.code == code), key=lambda c: c.valid_from))
        if not periods:
            raise UnknownCode(f"There is no code {code!r} in {self.name!r}.")
        return periods

    def latest(self, code: str) -> Code:
        """The code as it is, or last was: what a table over several years calls it."""
        return self.periods(code)[-1]

    def choices_on(self, day: date, language: str = "sv") -> list[tuple[str, str]]:
        """(code, label) pairs for a form field."""
        return [(code.code, code.label(language)) for code in self.valid_on(day)]


def overlaps(codes: Iterable[Code]) -> list[tuple[Code, Code]]:
    """Pairs of periods of the same code that share a day."""
    ordered = sorted(codes, key=lambda c: (c.code, c.valid_from))
    return [
        (first, second)
        for first, second in itertools.pairwise(ordered)
        if first.code == second.code and (first.valid_to is None or second.valid_from <= first.valid_to)
    ]
