"""The one road from counted to safe."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fridhem.pure.cubes.raw_table import RawTable
from fridhem.pure.disclosure.attack import Finding, find_alternatives
from fridhem.pure.disclosure.certificate import Certificate, Mask, NotSafe, Published
from fridhem.pure.disclosure.record import Record
from fridhem.pure.disclosure.relations import Relations, relate
from fridhem.pure.disclosure.rule import Rule
from fridhem.pure.disclosure.safe_table import SafeTable, seal
from fridhem.pure.disclosure.search import Problem, choose, widen

ROUNDS = 25
Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Protected:
    """Tables that may leave the house, in the order they were given, and the record of why, which may not."""

    tables: tuple[SafeTable, ...]
    record: Record


def protect(table: RawTable, rule: Rule | None = None, *, seed: int = 0) -> SafeTable:
    """Hide the small counts of one table, and what would give them away. See `protect_all`."""
    return protect_all([table], rule, seed=seed).tables[0]


def protect_all(tables: Sequence[RawTable], rule: Rule | None = None, *, seed: int = 0, tell: Tell = lambda _: None) -> Protected:
    """Protect tables that are counted from the same facts, together, so that none of them gives another away.

    The same tables, rule and seed give the same answer. `tell` is called with the name of each step ("choose", "attack",
    "widen", "seal"). Raises ValueError for counts that contradict each other, and NotSafe when no safe tables were found.

    A reader who knows the rule and all published counts can't narrow a hidden count to one value: not by sums, not by
    linear programming, and not by reasoning with whole numbers where the hidden cells hang together in groups of at most
    `attack.SMALL_GROUP`.
    """
    rule = rule or Rule()
    relations = relate([table.dimensions for table in tables])
    problem = Problem(relations.matrix, _shared_counts(relations, tables), rule, seed)
    tell("choose")
    hidden = choose(problem)
    hidden, finding = _widen_until_safe(problem, hidden, tell)
    tell("seal")
    return Protected(
        tuple(_sealed(table, ids, hidden, rule, finding) for table, ids in zip(tables, relations.ids, strict=True)),
        Record(tuple(t.dimensions for t in tables), relations, hidden, problem.small),
    )


def _shared_counts(relations: Relations, tables: Sequence[RawTable]) -> np.ndarray:
    counts = np.zeros(relations.cells, np.int64)
    for ids, table in zip(relations.ids, tables, strict=True):
        counts[ids] = table.counts
    same = all((counts[ids] == table.counts).all() for ids, table in zip(relations.ids, tables, strict=True))
    if not same or (counts < 0).any() or (relations.matrix @ counts).any():
        raise ValueError("The counts contradict each other: count all tables from the same facts, with all their totals.")
    return counts


def _widen_until_safe(problem: Problem, hidden: Mask, tell: Tell) -> tuple[Mask, Finding]:
    """Attack, and give room to what was narrow, until nothing is."""
    published_again = np.zeros_like(hidden)
    for _ in range(ROUNDS):
        tell("attack")
        seen = Published(problem.matrix, hidden, np.where(hidden, 0, problem.counts), problem.rule.floor)
        finding = find_alternatives(seen, seed=problem.seed)
        narrow = np.zeros_like(hidden)
        narrow[hidden] = finding.narrow
        if not narrow.any():
            return hidden, finding
        tell("widen")
        needless = narrow & ~problem.small & ~published_again
        if (narrow & ~needless).any():
            wider = widen(problem, hidden, narrow & ~needless)
            hidden = wider if (wider != hidden).any() else _with_neighbours(problem, hidden, narrow)
        else:  # what can be computed anyway guards nothing
            hidden, published_again = hidden & ~needless, published_again | needless
    raise NotSafe(f"{int(narrow.sum())} hidden cells can still be computed: use coarser codes or fewer dimensions.")


def _with_neighbours(problem: Problem, hidden: Mask, narrow: Mask) -> Mask:
    """Hide the cheapest published cell of every sum that a narrow cell is part of; failing that, all that may be hidden."""
    candidates = problem.movable & ~hidden
    links = abs(problem.matrix)
    sums = np.flatnonzero(links @ narrow.astype(np.int64))
    wider = hidden.copy()
    for row in sums:
        cells = links.indices[links.indptr[row] : links.indptr[row + 1]]
        cells = cells[candidates[cells]]
        if len(cells):
            wider[cells[np.argmin(problem.price[cells])]] = True
    return wider if (wider != hidden).any() else problem.movable


def _sealed(table: RawTable, ids: np.ndarray, hidden: Mask, rule: Rule, finding: Finding) -> SafeTable:
    column = np.cumsum(hidden) - 1
    own = hidden[ids]
    return seal(table.dimensions, table.counts, own, rule, Certificate(finding.alternatives[:, column[ids[own]]]))
