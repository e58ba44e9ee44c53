"""Letters of a case: dated texts with places to fill in, and the filled text as a Word file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from django.utils.formats import date_format
from docx import Document

from fridhem.foundation.accounts.models import User
from fridhem.pure.delegation.order import Dated
from fridhem.rooms.casework import catalogue
from fridhem.rooms.casework.models import Case, Decision
from fridhem.rooms.processes import queries as processes

TEXTS = Path(__file__).parent / "codes" / "letters.toml"
OF_CASE = frozenset({"to", "words", "number", "today", "unit", "writer"})
OF_DECISION = frozenset({"kind", "outcome", "decided_on", "decided_by", "ground", "motivation", "appeal"})
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Dated):
    """A letter during one period. `decision`: it tells of one. `hint_…`: what its writer adds in words of their own."""

    text: str
    hint_sv: str
    hint_en: str
    decision: bool = False

    def hint(self, language: str) -> str:
        return self.hint_en if language.split("-")[0] == "en" else self.hint_sv


def read_letters(text: str) -> tuple[Letter, ...]:
    """The letters in `text` (TOML). Raises ValueError for a place that nothing fills, KeyError or TypeError for what is none."""
    letters = tuple(Letter(**row) for row in tomllib.loads(text)["letter"])
    for one in letters:
        unknown = set(PLACE.findall(one.text)) - OF_CASE - (OF_DECISION if one.decision else frozenset())
        if unknown:
            raise ValueError(f"The letter {one.code!r} has places that nothing fills: {', '.join(sorted(unknown))}.")
    return letters


@cache
def _shipped() -> tuple[Letter, ...]:
    return read_letters(TEXTS.read_text(encoding="utf-8"))


def valid_on(day: date) -> dict[str, Letter]:
    """The letters that can be written that day, by code."""
    return {one.code: one for one in _shipped() if one.is_valid_on(day)}


def filled(letter: Letter, case: Case, *, by: User, on: date, to: str, words: str, decision: Decision | None = None) -> str:
    """The text of the letter. No name and no detail comes from the register: to whom it goes, its writer says."""
    values = {"to": to, "words": words, "number": case.number, "today": date_format(on, "j F Y")}
    values |= {"unit": str(case.unit), "writer": by.name, **(_of_decision(decision) if decision else {})}
    return _fill(letter.text.strip(), values)


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Each place once: what is filled in isn't read for places. Empty lines in a row become one."""
    full = PLACE.sub(lambda place: values.get(place[1], ""), text)
    return re.sub(r"\n{3,}", "\n\n", full.replace("\r\n", "\n"))


def _of_decision(decision: Decision) -> dict[str, str]:
    day, order = decision.decided_on, catalogue.order()
    return {
        "kind": order.kind(decision.kind, on=day).label(),
        "outcome": catalogue.label("outcomes", decision.outcome, on=day),
        "decided_on": date_format(day, "j F Y"),
        "decided_by": decision.decided_by.name,
        "ground": processes.grounds().label_of(decision.ground, on=day),
        "motivation": decision.motivation,
        "appeal": order.appeal(decision.appeal, on=day).label() if decision.appeal else "",
    }


def as_file(text: str) -> bytes:
    """The text as a Word file, a paragraph for each line."""
    document, out = Document(), BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()
