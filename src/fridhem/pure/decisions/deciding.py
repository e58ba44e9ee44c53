"""What a decision table answers: strict values in, values out."""

from collections.abc import Mapping

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


def decide(table: Table, answers: Mapping[str, object]) -> Mapping[str, Value]:
    """The table's answers, by the names of its outputs.

    Raises `MissingValue`, `WrongValue`; `Undecided` when the table hasn't been checked.
    """
    values: list[Value] = []
    for column in table.inputs:
        if column.name not in answers:
            raise MissingValue(column.name)
        value = answers[column.name]
        if not column.has(value):
            raise WrongValue(column.name, value)
        values.append(value)
    held = [rule.results for rule in table.rules if all(map(lambda cell, value: cell.holds(value), rule.cells, values))]
    if table.policy == Policy.FIRST:
        held = held[:1]
    if not held and table.default is not None:
        return table.answer(table.default)
    if not held or (len(held) > 1 and (table.policy == Policy.UNIQUE or len(set(map(_exactly, held))) > 1)):
        raise Undecided(f"{len(held)} rules of {table.key!r} hold.")
    return table.answer(held[0])


def _exactly(results: tuple[Value, ...]) -> tuple[tuple[type, Value], ...]:
    """Results that are equal only when they are of the same kind too."""
    return tuple((type(value), value) for value in results)
