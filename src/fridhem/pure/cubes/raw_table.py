"""A table of true counts. It may betray people, so nothing that leaves the house may know this module."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fridhem.pure.codes.dimension import Dimension

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RawTable:
    """True counts, one axis per dimension and one place per code, totals included; `counts` is int64 and read-only."""

    dimensions: tuple[Dimension, ...]
    counts: Counts

    def __post_init__(self) -> None:
        shape = tuple(len(d) for d in self.dimensions)
        if self.counts.shape != shape or self.counts.dtype != np.int64:
            raise ValueError(f"The counts must be whole numbers in the shape {shape}, not {self.counts.shape}.")
        self.counts.flags.writeable = False

    def __repr__(self) -> str:
        return f"<RawTable {' × '.join(d.name for d in self.dimensions)}, {self.counts.size} cells>"

    def value(self, **codes: str) -> int:
        """The true count of one cell; a dimension that isn't named is summed over."""
        return int(self.counts[tuple(d.index(codes.get(d.name, d.codes[0])) for d in self.dimensions)])
