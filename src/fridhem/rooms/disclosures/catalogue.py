"""The dated data that ships with the room: legal grounds, and what is held against whom."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list
from fridhem.rooms.disclosures.rules import Withheld

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
    with (CODES / "withheld.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_row(row) for row in csv.DictReader(file))


def _row(row: dict[str, str]) -> Withheld:
    until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    held = {"yes": True, "no": False}[row["held"]]
    return Withheld(row["recipient"], row["kind"], row["whose"], held, date.fromisoformat(row["valid_from"]), until)
