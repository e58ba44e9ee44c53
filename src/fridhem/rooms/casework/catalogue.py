"""The dated code lists that ship with the room, read once."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list
from fridhem.pure.delegation.order import Order, read_order

ROOM = Path(__file__).parent


@cache
def codes(name: str) -> CodeList:
    """One of the lists in the folder `codes`, such as `interventions`. Raises FileNotFoundError for another name."""
    return read_code_list((ROOM / "codes" / f"{name}.csv").read_text(encoding="utf-8"), name=name)


@dataclass(frozen=True)
class LinkKind:
    """What the person of a linked case is, `back` seen from the other case, and how a case for them is opened.

    Without a `process` it isn't said by hand: the house does when a case goes on as another.
    """

    code: str
    back: str
    process: str
    age_group: str


@cache
def link_kinds() -> dict[str, LinkKind]:
    """How cases can be linked, by code; what they are called, and when, says `codes("links")`."""
    rows = csv.DictReader((ROOM / "codes" / "links.csv").read_text(encoding="utf-8").splitlines())
    return {row["code"]: LinkKind(row["code"], row["back"], row["process"], row["age_group"]) for row in rows}


def link_choices(on: date, language: str) -> list[tuple[str, str]]:
    """How a case can be linked by hand; what follows of itself when a case goes on isn't chosen."""
    kinds = link_kinds()
    return [(code, words) for code, words in codes("links").choices_on(on, language) if kinds[code].process]


@cache
def order() -> Order:
    """Which decisions are made, by whom, how they are appealed, and when interventions are followed up."""
    return read_order((ROOM / "codes" / "decisions.toml").read_text(encoding="utf-8"))


def label(name: str, code: str, language: str = "sv", *, on: date | None = None) -> str:
    """What a stored code was called on a day (is called now, or was last, without one).

    A code that the list no longer knows is shown as it is: a page is never lost to that.
    """
    return codes(name).label_of(code, language, on=on)
