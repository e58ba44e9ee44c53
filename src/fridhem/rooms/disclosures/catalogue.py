"""The dated data that ships with the room: legal grounds, what is held against whom and why, how long a file is kept."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list
from fridhem.rooms.disclosures.rules import Goes, Withheld

CODES = Path(__file__).parent / "codes"


@cache
def grounds() -> CodeList:
    """The legal grounds on which something may leave."""
    return read_code_list((CODES / "grounds.csv").read_text(encoding="utf-8"), name="grounds")


def ground_label(code: str, language: str = "sv") -> str:
    """A ground in words, as it is or last was; an unknown code is shown as it is."""
    known = [period for period in grounds() if period.code == code]
    return known[-1].label(language) if known else code


@cache
def withheld() -> tuple[Withheld, ...]:
    """Which values are held against which recipient."""
    return tuple(_row(row) for row in _lines("withheld"))


@cache
def whole_file() -> tuple[Goes, ...]:
    """To whom the whole file of a case may go, and as whom they read it."""
    return tuple(Goes(row["recipient"], row["process"], row["reader"], *_days(row)) for row in _lines("whole_file"))


def secrecy(kind: str, *, on: date) -> str:
    """Why a kind of detail is withheld: a code of casework's `left_out`. A kind that the table doesn't know is private."""
    return next((row["ground"] for row in _valid("secrecy", on) if row["kind"] == kind), "private")


def keeping_days(what: str, *, on: date) -> int:
    """How many days something is kept. Raises StopIteration for what has no line that day."""
    return next(int(row["days"]) for row in _valid("keeping", on) if row["what"] == what)


def _valid(name: str, on: date) -> list[dict[str, str]]:
    """The lines of a table that were valid on a day."""
    return [row for row in _lines(name) if row["valid_from"] <= on.isoformat() <= (row["valid_to"] or "9999")]


@cache
def _lines(name: str) -> list[dict[str, str]]:
    with (CODES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(row: dict[str, str]) -> Withheld:
    held = {"yes": True, "no": False}[row["held"]]
    return Withheld(row["recipient"], row["kind"], row["whose"], held, *_days(row))


def _days(row: dict[str, str]) -> tuple[date, date | None]:
    return date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
