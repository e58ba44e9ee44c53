"""Why a cell is hidden: for the staff who release a table, never for its readers.

That a hidden count is small tells it to within a few numbers, and that it only guards others tells that it is larger.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.disclosure.relations import Relations

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Reason:
    """`small`: the count itself is too small. Otherwise `guards` are small cells that it keeps from being computed."""

    small: bool
    guards: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Record:
    """What was hidden in a set of tables, and why; holds no counts."""

    tables: tuple[tuple[Dimension, ...], ...]
    relations: Relations
    hidden: Mask
    small: Mask

    @property
    def small_cells(self) -> int:
        """How many cells are hidden for their own sake."""
        return int(self.small.sum())

    @property
    def further_cells(self) -> int:
        """How many are hidden to guard them."""
        return int((self.hidden & ~self.small).sum())

    def why(self, *codes: str, table: int = 0) -> Reason | None:
        """Why the cell with these codes (one per dimension) is hidden; None when it is published.

        A cell guards the small ones that are nearest to it through sums of hidden cells, told by their codes in this table.
        """
        dimensions = self.tables[table]
        cell = self.relations.ids[table][tuple(d.index(c) for d, c in zip(dimensions, codes, strict=True))]
        if not self.hidden[cell]:
            return None
        if self.small[cell]:
            return Reason(small=True, guards=())
        return Reason(small=False, guards=self._codes(table, self._nearest_small(int(cell))))

    def _nearest_small(self, cell: int) -> Mask:
        links = abs(self.relations.matrix)
        near = np.arange(len(self.hidden)) == cell
        while not (near & self.small).any():
            wider = near | (self.hidden & (links.T @ (links @ near.astype(np.int64)) > 0))
            if (wider == near).all():
                break
            near = wider
        return np.asarray(near & self.small)

    def _codes(self, table: int, cells: Mask) -> tuple[tuple[str, ...], ...]:
        places = np.argwhere(cells[self.relations.ids[table]])
        return tuple(tuple(d.codes[i] for d, i in zip(self.tables[table], place, strict=True)) for place in places)
