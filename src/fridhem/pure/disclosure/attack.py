"""What a reader can compute: everybody knows what is published, the sums, and the rule.

The reader here has linear programming, and whole numbers where the hidden cells hang together in small groups. Nothing in
this module has seen a hidden count; so what it finds can be shown to anyone, and is the certificate of a safe table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from fridhem.pure.disclosure.certificate import TOLERANCE, Mask, Published, settled
from fridhem.pure.disclosure.programs import PRIMAL_SIMPLEX, Program, Vector
from fridhem.pure.disclosure.relations import relate
from fridhem.pure.disclosure.safe_table import SafeTable, what_is_published

SMALL_GROUP = 60
PATIENCE = 4
ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Finding:
    """What the attack came to.

    `alternatives` (tables × hidden cells) are tables that agree with everything published; `narrow` are the hidden cells
    that take fewer than two whole values among them, which is so because they can't: each of those was pressed both ways.
    """

    alternatives: Vector
    narrow: Mask


@dataclass(frozen=True)
class Narrowed:
    """A hidden cell of a table that can be computed: its codes and the range that is left."""

    codes: tuple[str, ...]
    lowest: float
    highest: float


def attack(table: SafeTable, *others: SafeTable, seed: int = 1) -> tuple[Narrowed, ...]:
    """The hidden cells of `table` that can be computed by someone who also has the `others`; none, if all is well."""
    published = what_is_published([table, *others])
    finding = find_alternatives(published, seed=seed)
    ids = relate([t.dimensions for t in (table, *others)]).ids[0]
    column = np.cumsum(published.hidden) - 1
    return tuple(
        Narrowed(
            tuple(d.codes[i] for d, i in zip(table.dimensions, place, strict=True)),
            float(finding.alternatives[:, column[ids[tuple(place)]]].min()),
            float(finding.alternatives[:, column[ids[tuple(place)]]].max()),
        )
        for place in np.argwhere(published.hidden[ids])
        if finding.narrow[column[ids[tuple(place)]]]
    )


def find_alternatives(published: Published, *, seed: int = 0) -> Finding:
    """Press the hidden counts as low and as high as the published ones allow."""
    if not published.hidden.any():
        return Finding(np.zeros((0, 0)), np.zeros(0, bool))
    reader = _Reader(published, seed)
    reader.press_all()
    for cell in np.flatnonzero(reader.unsettled):
        reader.press(int(cell))
    for group in _small_groups(reader.matrix):
        reader.press_whole(group)
    return Finding(reader.chosen(), reader.unsettled)


class _Reader:
    """Keeps one program of the hidden counts, and every table found on the way that told something new."""

    def __init__(self, published: Published, seed: int) -> None:
        rows = published.matrix[:, np.flatnonzero(published.hidden)]
        kept = np.diff(rows.indptr) > 0
        self.matrix = rows[kept].tocsr()
        self.sums = -(published.matrix[kept] @ np.where(published.hidden, 0, published.counts)).astype(np.float64)
        self.floor = float(published.floor)
        self._random = np.random.default_rng(seed)
        self._found: list[Vector] = []
        size = self.matrix.shape[1]
        self.low, self.high = np.full(size, np.inf), np.full(size, -np.inf)
        self.unsettled = np.ones(size, bool)
        self._program = self._bounded_program(size)

    def _bounded_program(self, size: int) -> Program:
        """Hidden counts with a ceiling far above a table that fits, so that every question has an answer."""
        bounds = {"row_lower": self.sums, "row_upper": self.sums, "lower": np.full(size, self.floor)}
        least = Program(self.matrix, cost=np.ones(size), upper=np.full(size, np.inf), **bounds).solve()
        assert least is not None, "the true counts agree with what was published"
        ceiling = 4 * least.point.max() + 1000
        self.ceiling = np.full(size, ceiling)
        return Program(
            self.matrix,
            cost=np.zeros(size),
            upper=self.ceiling,
            strategy=PRIMAL_SIMPLEX,
            presolve=False,
            corner=True,
            **bounds,
        )

    def press_all(self) -> None:
        """Press all unsettled cells at once, in random directions, as long as that settles some."""
        idle, signs = 0, np.ones(len(self.unsettled))
        for attempt in range(ROUNDS):
            if idle == PATIENCE or not self.unsettled.any():
                return
            before = self.unsettled.sum()
            signs = -signs if attempt % 2 else self._random.choice([-1.0, 1.0], len(self.unsettled))
            self._ask(signs * self.unsettled)
            idle = idle + 1 if self.unsettled.sum() == before else 0

    def press(self, cell: int) -> None:
        """Press one cell both ways."""
        for sign in (1.0, -1.0):
            if self.unsettled[cell]:
                cost = np.zeros(len(self.unsettled))
                cost[cell] = sign
                self._ask(cost)

    def press_whole(self, group: NDArray[np.int64]) -> None:
        """Press the cells of a group that hang together, now only with tables of whole numbers."""
        tables = [t for t in self._found if _is_whole(t[group])]
        low = np.min([t[group] for t in tables], axis=0) if tables else np.full(len(group), np.inf)
        high = np.max([t[group] for t in tables], axis=0) if tables else np.full(len(group), -np.inf)
        doubtful = np.flatnonzero((high - low < 1) & ~self.unsettled[group])
        if not len(doubtful):
            return
        rows = self.matrix[:, group]
        kept = np.diff(rows.indptr) > 0
        for i in doubtful:
            found = []
            for sign in (1.0, -1.0):
                cost = np.zeros(len(group))
                cost[i] = sign
                whole = Program(
                    rows[kept],
                    cost=cost,
                    lower=np.full(len(group), self.floor),
                    upper=self.ceiling[group],
                    row_lower=self.sums[kept],
                    row_upper=self.sums[kept],
                    whole=True,
                ).solve()
                assert whole is not None, "the true counts agree with what was published"
                found.append(np.round(whole.point))
            for table in found:
                other = self._found[0].copy()
                other[group] = table
                self._found.append(other)
            self.unsettled[group[i]] = abs(found[0][i] - found[1][i]) < 1

    def chosen(self) -> Vector:
        """The tables that are needed to settle what is settled."""
        tables = np.array(self._found)
        aim = settled(tables)
        for i in range(len(tables) - 1, -1, -1):
            fewer = np.delete(tables, i, axis=0)
            if len(fewer) and not (aim & ~settled(fewer)).any():
                tables = fewer
        return tables

    def _ask(self, cost: Vector) -> None:
        self._program.set_costs(cost)
        answer = self._program.solve()
        assert answer is not None, "a bounded program that has a table has a best one"
        table = np.where(_near_whole(answer.point), np.round(answer.point), answer.point)
        low, high = np.minimum(self.low, table), np.maximum(self.high, table)
        unsettled = np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) < 1
        if (low < self.low).any() or (high > self.high).any():
            self._found.append(table)
        self.low, self.high, self.unsettled = low, high, unsettled


def _near_whole(values: Vector) -> Mask:
    return np.asarray(np.abs(values - np.round(values)) < TOLERANCE)


def _is_whole(values: Vector) -> bool:
    return bool(np.array_equal(values, np.round(values)))


def _small_groups(matrix: sp.csr_matrix) -> Sequence[NDArray[np.int64]]:
    """The hidden cells that hang together through sums, where they are few enough to be settled in whole numbers."""
    links = abs(matrix.T) @ abs(matrix)
    count, label = sp.csgraph.connected_components(links, directed=False)
    sizes = np.bincount(label, minlength=count)
    order = np.argsort(label, kind="stable")
    groups = np.split(order, np.cumsum(sizes)[:-1]) if count else []
    return [group for group in groups if len(group) <= SMALL_GROUP]
