"""A cell of a decision table: S-FEEL's unary tests (DMN 1.5, 9.2) over codes, whole numbers and booleans, and nothing else.

`-` is anything; `"low"`, `3` and `true` are values; `< 7`, `>= 18` compare; `[1..5]`, `(1..5]` and `]1..5[` are ranges; commas
mean or; `not(...)` around them all means none. What isn't written so is refused: no names, no calls, no arithmetic, no dates.
"""

import re
from enum import StrEnum

from fridhem.pure.decisions.table import ANY, Between, Cell, Column, Kind, Value

LONGEST = 500
_NUMBER = r"(-?\d{1,9})"
_COMPARED = re.compile(rf"(<=|>=|<|>)\s*{_NUMBER}", re.ASCII)
_RANGE = re.compile(rf"([\[\](])\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*([\[\])])", re.ASCII)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_CODE = re.compile(r'"([A-Za-z0-9_.-]{1,64})"', re.ASCII)


class Why(StrEnum):
    """What is wrong with a cell."""

    UNREADABLE = "unreadable"
    UNKNOWN_CODE = "unknown code"
    WRONG_KIND = "wrong kind"
    EMPTY_RANGE = "empty range"
    TOO_LONG = "too long"


class BadCell(ValueError):
    """The cell isn't one that we read; `part` is the piece of it that isn't."""

    def __init__(self, why: Why, part: str) -> None:
        self.why, self.part = why, part
        super().__init__(f"{why}: {part!r}")


def read_cell(text: str, column: Column) -> Cell:
    """What the cell asks of a value of the column. Raises `BadCell`."""
    text = _short(text)
    if text in ("", "-"):
        return ANY
    negated = _NOT.fullmatch(text)
    parts = (negated[1] if negated else text).split(",")  # no value has a comma in it
    return Cell(tuple(dict.fromkeys(_test(part.strip(), column) for part in parts)), negated=bool(negated))


def read_value(text: str, column: Column) -> Value:
    """The one value that a cell names. Raises `BadCell`."""
    text = _short(text)
    test = _test(text, column)
    if not isinstance(test, Between):
        return test
    if test.low is None or test.low != test.high or not re.fullmatch(_NUMBER, text, re.ASCII):
        raise BadCell(Why.WRONG_KIND, text)
    return test.low


def read_codes(text: str) -> tuple[str, ...]:
    """The codes of a column: `"low","high"`. Raises `BadCell`."""
    found = [(_CODE.fullmatch(part.strip()), part.strip()) for part in text.split(",")]
    for code, part in found:
        if not code:
            raise BadCell(Why.UNREADABLE, part)
    return tuple(dict.fromkeys(code[1] for code, _part in found if code))


def read_among(text: str) -> Between:
    """The numbers of a column: `[0..120]` or `>= 0`. Raises `BadCell`."""
    return _numbers(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise BadCell(Why.TOO_LONG, text[:40])
    return text.strip()


def _test(part: str, column: Column) -> Between | str | bool:
    if column.kind == Kind.NUMBER:
        return _numbers(part)
    if column.kind == Kind.BOOLEAN:
        if part in ("true", "false"):
            return part == "true"
        raise BadCell(Why.WRONG_KIND if _CODE.fullmatch(part) else Why.UNREADABLE, part)
    code = _CODE.fullmatch(part)
    if not code:
        raise BadCell(Why.UNREADABLE, part)
    if column.codes and code[1] not in column.codes:
        raise BadCell(Why.UNKNOWN_CODE, code[1])
    return code[1]


def _numbers(part: str) -> Between:
    if re.fullmatch(_NUMBER, part, re.ASCII):
        return Between(int(part), int(part))
    if compared := _COMPARED.fullmatch(part):
        sign, limit = compared[1], int(compared[2])
        if sign.startswith("<"):
            return Between(high=limit if sign == "<=" else limit - 1)
        return Between(low=limit if sign == ">=" else limit + 1)
    if among := _RANGE.fullmatch(part):
        low = int(among[2]) + (among[1] != "[")
        high = int(among[3]) - (among[4] != "]")
        if low > high:
            raise BadCell(Why.EMPTY_RANGE, part)
        return Between(low, high)
    raise BadCell(Why.WRONG_KIND if _CODE.fullmatch(part) or part in ("true", "false") else Why.UNREADABLE, part)
