"""A decision table: what it asks, what it answers, and its rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

Value = str | int | bool  # a code, a whole number, yes or no: what an answer in a case can be


class Kind(StrEnum):
    """What a column's values are."""

    CODE = "code"
    NUMBER = "number"
    BOOLEAN = "boolean"


class Policy(StrEnum):
    """How many rules may hold: one only, several of which the first counts, or several that agree."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Between:
    """The whole numbers from `low` to `high`, both included; None is without end."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: Value) -> bool:
        assert isinstance(value, int)
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def spans(self, other: "Between") -> bool:
        """Whether it holds for all that the other holds for."""
        low = self.low is None or (other.low is not None and self.low <= other.low)
        return low and (self.high is None or (other.high is not None and other.high <= self.high))


@dataclass(frozen=True, slots=True)
class Cell:
    """What a rule asks of one value: that one of `tests` holds, or with `negated` that none does."""

    tests: tuple[Between | str | bool, ...]
    negated: bool = False

    def holds(self, value: Value) -> bool:
        return self.negated != any(test.holds(value) if isinstance(test, Between) else test == value for test in self.tests)


ANY = Cell((), negated=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A question or an answer of the table. `codes`: those that there are, of a column of codes; `among`: of one of numbers."""

    name: str
    label: str
    kind: Kind
    codes: tuple[str, ...] = ()
    among: Between = Between()

    def has(self, value: object) -> TypeGuard[Value]:
        """Whether it's one of the column's values, of the right kind: yes isn't the number one."""
        if self.kind == Kind.CODE:
            return isinstance(value, str) and value in self.codes
        if self.kind == Kind.BOOLEAN:
            return isinstance(value, bool)
        return isinstance(value, int) and not isinstance(value, bool) and self.among.holds(value)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: what it asks of each question, and what it answers; `written` is its cells as the file has them, `id` its own."""

    cells: tuple[Cell, ...]
    results: tuple[Value, ...]
    written: tuple[str, ...] = ()
    note: str = ""
    id: str = ""


@dataclass(frozen=True)
class Table:
    """A whole decision table. `default`: what it answers when no rule holds; None when that can't happen."""

    key: str
    name: str
    policy: Policy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    default: tuple[Value, ...] | None = None
    description: str = ""

    def answer(self, results: tuple[Value, ...]) -> Mapping[str, Value]:
        return {column.name: value for column, value in zip(self.outputs, results, strict=True)}
