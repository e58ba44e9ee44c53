"""Whether a decision table answers every case, once: what no rule covers, what two rules both cover, what is never reached.

The values of each question fall into a few sorts that no cell tells apart, one of each is tried, and so the answer is exact.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fridhem.pure.decisions.table import Between, Cell, Column, Kind, Policy, Table, Value

Case = Mapping[str, Value]  # an example: question → value


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules, counted from 1, that hold in the same case though only one may, or though they don't agree."""

    first: int
    second: int
    example: Case


def sorts(table: Table) -> list[int]:
    """How many sorts of values there are of each question. Their product is how many cases the other checks try."""
    return [len(values) for values in _sorts(table)]


def gap(table: Table) -> Case | None:
    """A case in which no rule holds; None when every case is covered or there's a default."""
    if table.default is not None:
        return None
    return _named(table, _uncovered(_held(table, _sorts(table)), _all(table)))


def overlaps(table: Table) -> Iterator[Overlap]:
    """The rules that may not hold together but do."""
    if table.policy == Policy.FIRST:
        return
    held = _held(table, _sorts(table))
    for place, one in enumerate(table.rules):
        for other_place, other in enumerate(table.rules[:place]):
            if table.policy == Policy.ANY and one.results == other.results:
                continue
            pair = 1 << place | 1 << other_place
            both = [next((value for value, rules in values if rules & pair == pair), None) for values in held]
            if None not in both:
                example = _named(table, tuple(value for value in both if value is not None))
                assert example is not None
                yield Overlap(other_place + 1, place + 1, example)


def unreached(table: Table) -> list[int]:
    """The rules, counted from 1, that hold in no case, or with `FIRST` only where an earlier one does."""
    held, found = _held(table, _sorts(table)), []
    for place in range(len(table.rules)):
        own = [[(value, rules) for value, rules in values if rules >> place & 1] for values in held]
        earlier = (1 << place) - 1 if table.policy == Policy.FIRST else 0
        if not all(own) or _uncovered(own, earlier) is None:
            found.append(place + 1)
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """A sort of cases, by an example, in which one table answers otherwise than another."""

    example: Case
    was: Mapping[str, Value]
    now: Mapping[str, Value]


def asks_the_same(old: Table, new: Table) -> bool:
    """Whether two tables ask the same questions, of the same kinds."""
    return {(column.name, column.kind) for column in old.inputs} == {(column.name, column.kind) for column in new.inputs}


def turns(old: Table, new: Table, *, most: int) -> list[Turn] | None:
    """Every sort of cases that both tables know and answer differently; None when there are more than `most` to try.

    Both have been checked, and `asks_the_same`.
    """
    places = {column.name: place for place, column in enumerate(new.inputs)}
    shared = [_shared(old, place, new, places[column.name]) for place, column in enumerate(old.inputs)]
    if math.prod(map(len, shared)) > most:
        return None
    ours = _held(old, shared)
    theirs = _held(new, [shared[[each.name for each in old.inputs].index(column.name)] for column in new.inputs])
    in_order = [theirs[places[column.name]] for column in old.inputs]
    held = [
        [(value, was, now) for (value, was), (_value, now) in zip(one, other, strict=True)]
        for one, other in zip(ours, in_order, strict=True)
    ]
    found = []
    for case in itertools.product(*held):
        was, now = _all(old), _all(new)
        for _value, before, after in case:
            was, now = was & before, now & after
        answers = _answered(old, was), _answered(new, now)
        if _told(answers[0]) != _told(answers[1]):
            example = {column.name: value for column, (value, _was, _now) in zip(old.inputs, case, strict=True)}
            found.append(Turn(example, *answers))
    return found


def _answered(table: Table, rules: int) -> Mapping[str, Value]:
    """What a table that has been checked answers when exactly these rules hold: the first of them, or the default."""
    results = table.rules[(rules & -rules).bit_length() - 1].results if rules else table.default
    assert results is not None
    return table.answer(results)


def _told(answers: Mapping[str, Value]) -> set[tuple[str, type, Value]]:
    return {(name, type(value), value) for name, value in answers.items()}


def _shared(old: Table, place: int, new: Table, other: int) -> list[Value]:
    """One value of each sort that neither table tells apart, among those that both know."""
    ours, theirs = old.inputs[place], new.inputs[other]
    cells = [*(rule.cells[place] for rule in old.rules), *(rule.cells[other] for rule in new.rules)]
    if ours.kind == Kind.NUMBER:
        cells += [Cell((theirs.among,))]
    return [value for value in _of(ours, cells) if theirs.has(value)]


def _sorts(table: Table) -> list[list[Value]]:
    """One value of each sort, question by question."""
    return [_of(column, [rule.cells[place] for rule in table.rules]) for place, column in enumerate(table.inputs)]


def _of(column: Column, cells: Sequence[Cell]) -> list[Value]:
    if column.kind == Kind.CODE:
        return list(column.codes)
    if column.kind == Kind.BOOLEAN:
        return [False, True]
    ranges = [test for cell in cells for test in cell.tests if isinstance(test, Between)]
    edges = {edge for one in ranges for edge in (one.low, None if one.high is None else one.high + 1) if edge is not None}
    lowest = min(edges, default=0) - 1 if column.among.low is None else column.among.low
    return [edge for edge in sorted({lowest, *edges}) if column.among.holds(edge)]


# A value of each sort, and the rules that hold for it as bits: worked out once, however many cases are tried.
Held = Sequence[Sequence[tuple[Value, int]]]


def _held(table: Table, sorts: Sequence[Sequence[Value]]) -> Held:
    return [
        [
            (value, sum(1 << number for number, rule in enumerate(table.rules) if rule.cells[place].holds(value)))
            for value in values
        ]
        for place, values in enumerate(sorts)
    ]


def _all(table: Table) -> int:
    """Every rule, as bits."""
    return (1 << len(table.rules)) - 1


def _uncovered(held: Held, rules: int) -> tuple[Value, ...] | None:
    """A combination of values in which none of the rules holds."""
    covered: set[tuple[int, int]] = set()

    def find(depth: int, left: int) -> tuple[Value, ...] | None:
        if not left:
            return tuple(values[0][0] for values in held[depth:])
        if depth == len(held) or (depth, left) in covered:
            return None
        for value, holding in held[depth]:
            rest = find(depth + 1, left & holding)
            if rest is not None:
                return (value, *rest)
        covered.add((depth, left))
        return None

    return find(0, rules)


def _named(table: Table, values: tuple[Value, ...] | None) -> Case | None:
    return None if values is None else {column.name: value for column, value in zip(table.inputs, values, strict=True)}
