"""Whether a decision table answers every case, once: what no rule covers, what two rules both cover, what is never reached.

The values of each question fall into a few sorts that no cell tells apart, one of each is tried, and so the answer is exact.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fridhem.pure.decisions.deciding import explained
from fridhem.pure.decisions.table import Between, Cell, Column, Kind, Policy, Table, Value

Case = Mapping[str, Value]  # an example: question → value


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules, counted from 1, that hold in the same case though only one may, or though they don't agree."""

    first: int
    second: int
    example: Case


def cases(table: Table) -> int:
    """How many sorts of cases there are to try: what the other checks cost."""
    return math.prod(len(values) for values in _sorts(table))


def gap(table: Table) -> Case | None:
    """A case in which no rule holds; None when every case is covered or there's a default."""
    if table.default is not None:
        return None
    return _named(table, _uncovered(_sorts(table), [rule.cells for rule in table.rules]))


def overlaps(table: Table) -> Iterator[Overlap]:
    """The rules that may not hold together but do."""
    if table.policy == Policy.FIRST:
        return
    sorts = _sorts(table)
    for place, one in enumerate(table.rules):
        for other_place, other in enumerate(table.rules[:place]):
            if table.policy == Policy.ANY and one.results == other.results:
                continue
            both = [
                [value for value in values if a.holds(value) and b.holds(value)]
                for values, a, b in zip(sorts, one.cells, other.cells, strict=True)
            ]
            if all(both):
                example = _named(table, tuple(values[0] for values in both))
                assert example is not None
                yield Overlap(other_place + 1, place + 1, example)


def unreached(table: Table) -> list[int]:
    """The rules, counted from 1, that hold in no case, or with `FIRST` only where an earlier one does."""
    sorts, found = _sorts(table), []
    for place, rule in enumerate(table.rules):
        own = [[value for value in values if cell.holds(value)] for values, cell in zip(sorts, rule.cells, strict=True)]
        earlier = [each.cells for each in table.rules[:place]] if table.policy == Policy.FIRST else []
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
    sorts = [_shared(old, place, new, places[column.name]) for place, column in enumerate(old.inputs)]
    if math.prod(map(len, sorts)) > most:
        return None
    found = []
    for values in itertools.product(*sorts):
        example = {column.name: value for column, value in zip(old.inputs, values, strict=True)}
        was, now = explained(old, example).answers, explained(new, example).answers
        if _told(was) != _told(now):
            found.append(Turn(example, was, now))
    return found


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


def _uncovered(sorts: Sequence[Sequence[Value]], rules: Sequence[Sequence[Cell]]) -> tuple[Value, ...] | None:
    """A combination of values in which none of the rules holds."""
    covered: set[tuple[int, frozenset[int]]] = set()

    def find(depth: int, left: frozenset[int]) -> tuple[Value, ...] | None:
        if not left:
            return tuple(values[0] for values in sorts[depth:])
        if depth == len(sorts) or (depth, left) in covered:
            return None
        for value in sorts[depth]:
            rest = find(depth + 1, frozenset(rule for rule in left if rules[rule][depth].holds(value)))
            if rest is not None:
                return (value, *rest)
        covered.add((depth, left))
        return None

    return find(0, frozenset(range(len(rules))))


def _named(table: Table, values: tuple[Value, ...] | None) -> Case | None:
    return None if values is None else {column.name: value for column, value in zip(table.inputs, values, strict=True)}
