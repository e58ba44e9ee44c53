"""The sums that a reader knows: which cells of one or several tables are the same, and which add up to which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from fridhem.pure.codes.dimension import Dimension

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Relations:
    """The cells of linked tables and what they add up to.

    `ids[t]` has the shape of table t and says which cell stands where: cells that count the same facts share a number,
    within a table and between tables. Every row of `matrix` (relations × cells; 1 for a total, -1 for its parts) is a sum
    that holds for the true counts.
    """

    ids: tuple[Ids, ...]
    matrix: sp.csr_matrix

    @property
    def cells(self) -> int:
        return int(self.matrix.shape[1])


def relate(tables: Sequence[tuple[Dimension, ...]]) -> Relations:
    """Find the shared cells and the sums of tables that are counted from the same facts.

    Two dimensions with the same variable are compared by the values they count, so a district is recognised in a table by
    area, and a police district as the sum of its areas. Raises ValueError when two dimensions claim the same variable but
    not the same values, or when one table has two dimensions of one variable.
    """
    nodes = _nodes(tables)
    keys = [_keys(dimensions, nodes) for dimensions in tables]
    known, inverse = np.unique(np.concatenate([k.ravel() for k in keys]), return_inverse=True)
    ends = np.cumsum([k.size for k in keys])[:-1]
    ids = tuple(part.reshape(key.shape) for part, key in zip(np.split(inverse, ends), keys, strict=True))
    blocks = list(_sums_inside(tables, ids))
    if len(tables) > 1:
        blocks += _sums_across(tables, keys, ids, known, nodes)
    return Relations(ids, _matrix(blocks, len(known)))


@dataclass(frozen=True)
class _Nodes:
    """A number for every set of values that some code of a variable counts; the whole variable is 0."""

    number: dict[str, dict[frozenset[str], int]]
    stride: dict[str, int]


def _nodes(tables: Sequence[tuple[Dimension, ...]]) -> _Nodes:
    number: dict[str, dict[frozenset[str], int]] = {}
    for dimensions in tables:
        if len({d.variable for d in dimensions}) != len(dimensions):
            raise ValueError("A table can't have two dimensions of the same variable: split it into linked tables.")
        for dimension in dimensions:
            sets = number.setdefault(dimension.variable, {dimension.members[0]: 0})
            if dimension.members[0] not in sets:
                raise ValueError(
                    f"The dimensions of {dimension.variable!r} don't count the same values: let each of them cover all."
                )
            for members in dimension.members:
                sets.setdefault(members, len(sets))
    stride, size = {}, 1
    for variable, sets in number.items():
        stride[variable] = size
        size *= len(sets)
    if size >= 2**62:
        raise ValueError("These tables have too many dimensions together to be protected as one set: split the set.")
    return _Nodes(number, stride)


def _keys(dimensions: tuple[Dimension, ...], nodes: _Nodes) -> Ids:
    keys = np.zeros((1,) * len(dimensions), np.int64)
    for axis, dimension in enumerate(dimensions):
        numbers = nodes.number[dimension.variable]
        steps = np.array([numbers[m] for m in dimension.members], np.int64) * nodes.stride[dimension.variable]
        keys = keys + steps.reshape([-1 if a == axis else 1 for a in range(len(dimensions))])
    return keys


Block = tuple[Ids, Ids]  # totals (k), parts (k × c)


def _sums_inside(tables: Sequence[tuple[Dimension, ...]], ids: Sequence[Ids]) -> Iterator[Block]:
    for dimensions, table in zip(tables, ids, strict=True):
        for axis, dimension in enumerate(dimensions):
            for parent, children in enumerate(dimension.children):
                if len(children) > 1:
                    parts = np.moveaxis(np.take(table, children, axis=axis), axis, -1)
                    yield np.take(table, parent, axis=axis).ravel(), parts.reshape(-1, len(children))


def _sums_across(
    tables: Sequence[tuple[Dimension, ...]], keys: Sequence[Ids], ids: Sequence[Ids], known: Ids, nodes: _Nodes
) -> Iterator[Block]:
    """Sums of one table's leaves that another table shows as one cell, such as the areas of a police district."""
    for dimensions, key, table in zip(tables, keys, ids, strict=True):
        for axis, dimension in enumerate(dimensions):
            own, stride = set(dimension.members), nodes.stride[dimension.variable]
            others = np.take(key, 0, axis=axis).ravel()  # keys with this variable summed over
            for members, number in nodes.number[dimension.variable].items():
                leaves = [i for i in dimension.leaves if dimension.members[i] <= members]
                if members in own or frozenset().union(*(dimension.members[i] for i in leaves)) != members:
                    continue
                totals = others + number * stride
                place = np.minimum(np.searchsorted(known, totals), len(known) - 1)
                shown = known[place] == totals
                parts = np.moveaxis(np.take(table, leaves, axis=axis), axis, -1).reshape(-1, len(leaves))
                yield place[shown], parts[shown]


def _matrix(blocks: Sequence[Block], cells: int) -> sp.csr_matrix:
    rows, columns, signs, count = [], [], [], 0
    for totals, parts in blocks:
        k, c = parts.shape
        rows.append(np.repeat(np.arange(count, count + k), c + 1))
        columns.append(np.concatenate([totals[:, None], parts], axis=1).ravel())
        signs.append(np.tile(np.concatenate([[1], -np.ones(c)]).astype(np.int64), k))
        count += k
    matrix = sp.csr_matrix(
        (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))), shape=(count, cells), dtype=np.int64
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix
