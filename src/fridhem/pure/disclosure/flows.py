"""Directions in which the hidden counts can move, and what it costs to make room for them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from fridhem.pure.disclosure.programs import Program, Vector

Mask = NDArray[np.bool_]
MISSED = 1000.0
MOVED = 1e-4


@dataclass(frozen=True, eq=False)
class Flow:
    """One direction over all cells; its cost; and per wanted cell what it costs and how much of a unit it misses."""

    moves: Vector
    cost: float
    prices: Vector
    missed: Vector


class Flows:
    """Move every wanted cell by a unit, up or down, and all sums kept, as cheaply as possible.

    Cells in `free` move for nothing, at least to `lower`; other `movable` cells pay their price for every unit. A wanted
    cell that can't be moved the way it is asked is missed, at a high price, rather than making the program insoluble.
    """

    def __init__(self, matrix: sp.csr_matrix, *, movable: Mask, free: Mask, wanted: Mask, price: Vector, lower: Vector) -> None:
        self.cells = np.flatnonzero(movable)
        self.paid = np.flatnonzero(movable & ~free)
        self.wanted = np.flatnonzero(wanted)
        self._size = len(movable)
        place = np.full(self._size, -1)
        place[self.cells] = np.arange(len(self.cells))
        moving = matrix[:, self.cells]
        kept = np.diff(moving.indptr) > 0
        count, rows = len(self.wanted), int(kept.sum())
        ask = sp.csr_matrix((np.ones(count), (np.arange(count), place[self.wanted])), shape=(count, len(self.cells)))
        miss = sp.identity(count)
        whole = sp.bmat([[moving[kept], -matrix[kept][:, self.paid], None, None], [ask, None, miss, -miss]])
        up_from = np.where(free, lower, 0.0)[self.cells]
        infinite = np.full(whole.shape[1], np.inf)
        infinite[len(self.cells) : len(self.cells) + len(self.paid)] = -lower[self.paid]
        self.price = np.where(free, 0.0, price)
        self._ask_from = rows
        self._program = Program(
            whole,
            cost=self._costs(self.price),
            lower=np.concatenate([up_from, np.zeros(len(self.paid) + 2 * count)]),
            upper=infinite,
            row_lower=np.concatenate([np.zeros(rows), np.full(count, -np.inf)]),
            row_upper=np.concatenate([np.zeros(rows), np.full(count, np.inf)]),
        )

    def set_price(self, price: Vector) -> None:
        self.price = price
        self._program.set_costs(self._costs(price))

    def solve(self, signs: Vector, asked: Mask | None = None) -> Flow:
        """Move the wanted cells that are asked (all when None), each in the direction of its sign."""
        asked = np.ones(len(signs), bool) if asked is None else asked
        self._program.set_row_bounds(
            self._ask_from,
            np.where(asked & (signs > 0), 1.0, -np.inf),
            np.where(asked & (signs < 0), -1.0, np.inf),
        )
        answer = self._program.solve()
        assert answer is not None, "standing still and missing every wanted cell is always an answer"
        up, down, miss = np.split(answer.point, [len(self.cells), len(self.cells) + len(self.paid)])
        moves = np.zeros(self._size)
        moves[self.cells] = up
        moves[self.paid] -= down
        missed = np.abs(miss.reshape(2, -1)).sum(axis=0)
        return Flow(moves, answer.cost, np.abs(answer.prices[self._ask_from :]), missed)

    def _costs(self, price: Vector) -> Vector:
        return np.concatenate([price[self.cells], price[self.paid], np.full(2 * len(self.wanted), MISSED)])
