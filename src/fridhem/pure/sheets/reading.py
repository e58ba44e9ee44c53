"""Read a sheet from TOML, or say of every fault what is wrong."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from fridhem.pure.sheets.sheet import Answer, Need, Question, Sheet, Words

CODE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
LONGEST = 1_000
MOST_QUESTIONS, MOST_ANSWERS = 50, 60


class BadSheet(ValueError):
    """The text can't be used as a sheet; `faults` has one sentence per fault."""

    def __init__(self, key: str, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"The sheet {key!r} can't be used: " + " ".join(faults))


def read_sheet(text: str, *, key: str) -> Sheet:
    """The sheet in `text` (TOML). Raises `BadSheet`.

    `name`, `text` and `hint` are tables with `sv` and `en`; each `[[question]]` has `name`, `sv`, `en` and its
    `[[question.answer]]` with `code`, `sv`, `en`; each `[[need]]` has `what`, and `when` with the answers that call for it.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSheet(key, [f"It isn't TOML: {error}."]) from None
    return sheet_of(raw, key=key)


def sheet_of(raw: Mapping[str, Any], *, key: str) -> Sheet:
    """The sheet in what has been read from TOML. Raises `BadSheet`."""
    faults = _Faults()
    sheet = Sheet(
        key=faults.code(key, "the sheet"),
        name=faults.words(raw.get("name"), "name"),
        text=faults.words(raw.get("text"), "text"),
        hint=faults.words(raw["hint"], "hint") if "hint" in raw else Words(),
        questions=tuple(_question(each, faults) for each in faults.rows(raw, "question", MOST_QUESTIONS)),
        needs=tuple(_need(each, faults) for each in faults.rows(raw, "need", MOST_QUESTIONS)),
        writes=faults.code(raw.get("writes", "assessment"), "writes"),
    )
    faults.unknown(raw, {"name", "text", "hint", "question", "need", "writes"}, "the sheet")
    _check_names(sheet, faults)
    if faults.found:
        raise BadSheet(key, faults.found)
    return sheet


def _question(raw: Mapping[str, Any], faults: "_Faults") -> Question:
    name = faults.code(raw.get("name"), "a question")
    answers = [
        Answer(faults.code(each.get("code"), f"an answer to {name!r}"), faults.words(each, f"an answer to {name!r}"))
        for each in faults.rows(raw, "answer", MOST_ANSWERS)
    ]
    if len(answers) < 2:
        faults.found.append(f"The question {name!r} has fewer than two answers.")
    if len({answer.code for answer in answers}) < len(answers):
        faults.found.append(f"The question {name!r} has the same answer twice.")
    return Question(name, faults.words(raw, f"the question {name!r}"), tuple(answers))


def _need(raw: Mapping[str, Any], faults: "_Faults") -> Need:
    when = raw.get("when", {})
    if not (isinstance(when, dict) and all(isinstance(code, str) for code in when.values())):
        faults.found.append("A need's `when` must name questions and one answer to each.")
        when = {}
    return Need(faults.code(raw.get("what"), "a need"), when)


def _check_names(sheet: Sheet, faults: "_Faults") -> None:
    known = {question.name: question.codes for question in sheet.questions}
    if len(known) < len(sheet.questions):
        faults.found.append("Two questions have the same name.")
    for need in sheet.needs:
        for name, code in need.when.items():
            if code not in known.get(name, ()):
                faults.found.append(f"The need {need.what!r} asks for {name} = {code!r}, which isn't an answer of the sheet.")


class _Faults:
    """Faults as they are found; what can't be read is read as nothing, so that all are told at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def code(self, value: Any, what: str) -> str:
        if isinstance(value, str) and CODE.fullmatch(value):
            return value
        self.found.append(f"{value!r} of {what} isn't a code: write small letters, digits and _.")
        return ""

    def words(self, raw: Any, what: str) -> Words:
        given = [raw.get(language) for language in ("sv", "en")] if isinstance(raw, dict) else [None, None]
        if all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in given):
            return Words(*given)
        self.found.append(f"{what} lacks its words in sv and en, or they are longer than {LONGEST} characters.")
        return Words()

    def rows(self, raw: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
        rows = raw.get(name, [])
        if isinstance(rows, list) and len(rows) <= most and all(isinstance(row, dict) for row in rows):
            return rows
        self.found.append(f"{name!r} must be written as [[{name}]], at most {most} times.")
        return []

    def unknown(self, raw: Mapping[str, Any], known: set[str], what: str) -> None:
        self.found += [f"{name!r} is nothing that {what} has." for name in sorted(set(raw) - known)]
