"""Count facts into a table with all margins."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.raw_table import Counts, RawTable

MAX_CELLS = 20_000_000


def count_rows(rows: Iterable[Mapping[str, Any]], dimensions: Sequence[Dimension], *, weight: str | None = None) -> RawTable:
    """Count facts given row by row: each row has a value for the variable of every dimension.

    With `weight`, the column of that name says how many facts the row stands for; otherwise each row is one.
    Raises ValueError as `count_columns` does; rows are numbered from 1.
    """
    names = [d.variable for d in dimensions] + ([weight] if weight else [])
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for number, row in enumerate(rows, start=1):
        for name in columns:
            if name not in row:
                raise ValueError(f"Row {number} has no {name!r}: every fact needs a value for what it is counted by.")
            columns[name].append(row[name])
    return count_columns(columns, dimensions, weight=weight)


def count_columns(
    columns: Mapping[str, Sequence[Any]], dimensions: Sequence[Dimension], *, weight: str | None = None
) -> RawTable:
    """Count facts given as columns of equal length (values are compared as text).

    Raises ValueError when the table would be too large, a column is missing, a value isn't in its dimension, or a weight
    isn't a whole number of at least 0; the message names the row (from 1) and what to do.
    """
    shape = _shape(dimensions)
    places = [_places(columns, d) for d in dimensions]
    weights = _weights(columns, weight)
    lengths = {len(p) for p in places} | ({len(weights)} if weights is not None else set())
    if len(lengths) > 1:
        raise ValueError(f"The columns have different lengths: {sorted(lengths)}.")
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, tuple(places), 1 if weights is None else weights)
    for axis, dimension in enumerate(dimensions):
        _add_margins(counts, axis, dimension)
    return RawTable(tuple(dimensions), counts)


def _shape(dimensions: Sequence[Dimension]) -> tuple[int, ...]:
    if not dimensions or len({d.name for d in dimensions}) != len(dimensions):
        raise ValueError("A table needs at least one dimension, and each of them once.")
    shape = tuple(len(d) for d in dimensions)
    cells = math.prod(shape)
    if cells > MAX_CELLS:
        factors = " × ".join(f"{d.name} {len(d)}" for d in dimensions)
        raise ValueError(
            f"The table would have {cells:,} cells ({factors}), more than {MAX_CELLS:,}: "
            "leave out a dimension, use a coarser level, or make several smaller tables."
        )
    return shape


def _places(columns: Mapping[str, Sequence[Any]], dimension: Dimension) -> np.ndarray:
    if dimension.variable not in columns:
        raise ValueError(f"The facts have no column {dimension.variable!r}, which {dimension.name!r} is counted by.")
    values, inverse = np.unique(np.asarray(columns[dimension.variable]).astype(str), return_inverse=True)
    for value in values:
        if value not in dimension.leaf_of:
            row = int(np.flatnonzero(values[inverse] == value)[0]) + 1
            raise ValueError(
                f"Row {row}: {str(value)!r} isn't a value of {dimension.name!r}: correct the row or add the code to the list."
            )
    return np.array([dimension.leaf_of[v] for v in values], np.int64)[inverse]


def _weights(columns: Mapping[str, Sequence[Any]], weight: str | None) -> Counts | None:
    if weight is None:
        return None
    if weight not in columns:
        raise ValueError(f"The facts have no column {weight!r}, which should say how many each row stands for.")
    for row, value in enumerate(columns[weight], start=1):
        if isinstance(value, str) and value.isascii() and value.isdigit():
            continue
        if not isinstance(value, int | np.integer) or value < 0:
            raise ValueError(f"Row {row}: {weight} is {value!r}; it must be a whole number of at least 0.")
    return np.asarray(columns[weight]).astype(np.int64)


def _add_margins(counts: Counts, axis: int, dimension: Dimension) -> None:
    moved = np.moveaxis(counts, axis, 0)
    for i in range(len(dimension) - 1, 0, -1):  # children come after their parents
        moved[dimension.parents[i]] += moved[i]
