"""The routines that cases are held against: dated files in the folder `routines`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fridhem.pure.sheets.reading import sheet_of
from fridhem.pure.sheets.sheet import Question, Sheet

ROUTINES = Path(__file__).parent / "routines"


@dataclass(frozen=True)
class Asked:
    """A question with its law or routine (`ground`), and the `fact` that answers it beforehand, of steps with these `forms`."""

    question: Question
    ground: str
    fact: str = ""
    forms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.question.name


@dataclass(frozen=True)
class Routine:
    """What the cases of a process are held against, from a day."""

    process: str
    valid_from: date
    sheet: Sheet
    asked: tuple[Asked, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The questions, by name."""
        return tuple(each.name for each in self.asked)


@cache
def routines() -> tuple[Routine, ...]:
    """Every routine there is and was."""
    return tuple(read_routine(file.read_text(encoding="utf-8")) for file in sorted(ROUTINES.glob("*.toml")))


def in_force(*, on: date) -> list[Routine]:
    """The newest of each process that holds that day."""
    held = sorted((each for each in routines() if each.valid_from <= on), key=lambda each: each.valid_from)
    return list({each.process: each for each in held}.values())


def routine(process: str, *, valid_from: date) -> Routine:
    """One of them. Raises LookupError."""
    for each in routines():
        if (each.process, each.valid_from) == (process, valid_from):
            return each
    raise LookupError(f"There is no routine for {process!r} from {valid_from}.")


def read_routine(text: str) -> Routine:
    """The routine in `text` (TOML). Raises `BadSheet`, KeyError.

    As a sheet (`pure/sheets`), with `process` and `valid_from`, answers that all questions share as `[[answer]]`, and at each
    question its `ground`, and `fact` and `forms` where something is known of it beforehand.
    """
    raw = tomllib.loads(text)
    process, valid_from, answers = raw.pop("process"), raw.pop("valid_from"), raw.pop("answer")
    questions = [question | {"answer": answers} for question in raw.pop("question")]
    sheet = sheet_of({**raw, "question": questions}, key=process)
    asked = tuple(_asked(*pair) for pair in zip(sheet.questions, questions, strict=True))
    return Routine(process, valid_from, sheet, asked)


def _asked(question: Question, raw: Mapping[str, Any]) -> Asked:
    return Asked(question, raw["ground"], raw.get("fact", ""), tuple(raw.get("forms", ())))
