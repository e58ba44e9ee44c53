"""The dated data that ships with the room, read once."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list

CODES = Path(__file__).parent / "codes"


@cache
def codes(name: str) -> CodeList:
    """One of the lists in the folder `codes`, such as `given`. Raises FileNotFoundError for another name."""
    return read_code_list(_text(f"{name}.csv"), name=name)


@dataclass(frozen=True)
class AgeBand:
    """From which age to which, both included; None: no limit. The band of those whose age isn't known has neither."""

    code: str
    age_from: int | None
    age_to: int | None
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def _bands() -> tuple[AgeBand, ...]:
    return tuple(
        AgeBand(
            row["code"],
            int(row["age_from"]) if row["age_from"] else None,
            int(row["age_to"]) if row["age_to"] else None,
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in csv.DictReader(_text("ages.csv").splitlines())
    )


def bands(*, on: date) -> dict[str, AgeBand]:
    """The ages that are told apart on a day, by code."""
    return {band.code: band for band in _bands() if band.is_valid_on(on)}


@dataclass(frozen=True)
class Advice:
    """What a situation is called, what to say when calling, and what to do meanwhile."""

    name: str
    say: tuple[str, ...]
    meanwhile: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """When someone needs to know whom to call; `call` is a number that answers everywhere and always, such as 112."""

    code: str
    call: str
    texts: dict[str, Advice]
    valid_from: date
    valid_to: date | None

    def advice(self, language: str = "sv") -> Advice:
        """The texts in English for "en" (and "en-gb" …), otherwise in Swedish."""
        return self.texts["en" if language.split("-")[0] == "en" else "sv"]


@cache
def _situations() -> tuple[Situation, ...]:
    found = tomllib.loads(_text("situations.toml"))["situation"]
    return tuple(
        Situation(
            code=row["code"],
            call=row.get("call", ""),
            texts={
                language: Advice(row[language]["name"], tuple(row[language]["say"]), tuple(row[language]["meanwhile"]))
                for language in ("sv", "en")
            },
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
        )
        for row in found
    )


def situations(*, on: date) -> list[Situation]:
    """The situations of a day, the most urgent first."""
    return [one for one in _situations() if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)]


def _text(name: str) -> str:
    return (CODES / name).read_text(encoding="utf-8")
