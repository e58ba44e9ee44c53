"""What a decision table answers, and why: strict values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass

from fridhem.pure.decisions.table import Policy, Table, Value


class MissingValue(ValueError):
    """The table asks for what nobody has answered."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"The table asks for {name!r}, which isn't answered.")


class WrongValue(ValueError):
    """An answer isn't one that the table knows."""

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value
        super().__init__(f"{value!r} isn't a value of {name!r}.")


class Undecided(ValueError):
    """No rule holds, or several that don't agree: the table hasn't been checked."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table answers, and why.

    `rule`: the one that counts, from 1; None when it's the default. `held`: rule by rule, whether each of its cells holds.
    """

    answers: Mapping[str, Value]
    rule: int | None
    held: tuple[tuple[bool, ...], ...]


def decide(table: Table, answers: Mapping[str, object]) -> Mapping[str, Value]:
    """The table's answers, by the names of its outputs.

    Raises `MissingValue`, `WrongValue`; `Undecided` when the table hasn't been checked.
    """
    return explained(table, answers).answers


def explained(table: Table, answers: Mapping[str, object]) -> Decided:
    """What the table answers, and why. Raises as `decide` does."""
    values = _values(table, answers)
    held = tuple(tuple(map(lambda cell, value: cell.holds(value), rule.cells, values)) for rule in table.rules)
    whole = [(number, rule.results) for number, (rule, cells) in enumerate(zip(table.rules, held, strict=True), 1) if all(cells)]
    if table.policy == Policy.FIRST:
        whole = whole[:1]
    if not whole and table.default is not None:
        return Decided(table.answer(table.default), None, held)
    if not whole or (len(whole) > 1 and (table.policy == Policy.UNIQUE or len({_exactly(each) for _n, each in whole}) > 1)):
        raise Undecided(f"{len(whole)} rules of {table.key!r} hold.")
    number, results = whole[0]
    return Decided(table.answer(results), number, held)


def _values(table: Table, answers: Mapping[str, object]) -> list[Value]:
    values: list[Value] = []
    for column in table.inputs:
        if column.name not in answers:
            raise MissingValue(column.name)
        value = answers[column.name]
        if not column.has(value):
            raise WrongValue(column.name, value)
        values.append(value)
    return values


def _exactly(results: tuple[Value, ...]) -> tuple[tuple[type, Value], ...]:
    """Results that are equal only when they are of the same kind too."""
    return tuple((type(value), value) for value in results)
