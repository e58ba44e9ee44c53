"""A table that may leave the house: small counts are hidden, and it carries the proof that they stay so."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.disclosure.certificate import Certificate, NotSafe, Published, check
from fridhem.pure.disclosure.relations import relate
from fridhem.pure.disclosure.rule import Rule

FORMAT = "fridhem-safe-table-1"
_SEAL = object()


class SafeTable:
    """Published counts with all margins; a hidden cell has no number here, in memory or on file.

    Made by `protect()`, or read back by `restore()`; either way the certificate is checked before the table exists.
    """

    __slots__ = ("_place", "_published", "certificate", "dimensions", "rule")

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        shown: NDArray[np.bool_],
        published: NDArray[np.int64],
        rule: Rule,
        certificate: Certificate,
        *,
        seal: object = None,
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("Only protect() makes a SafeTable.")
        self.dimensions = tuple(dimensions)
        self.rule = rule
        self.certificate = certificate
        self._published = published
        self._place = np.where(shown, np.cumsum(shown).reshape(shown.shape) - 1, -1)
        self._published.flags.writeable = self._place.flags.writeable = False
        if rule.hides(published).any():
            raise NotSafe("A small count is about to be published: hide it.")
        check(what_is_published([self]), self.merged_certificate())

    def __repr__(self) -> str:
        return f"<SafeTable {' × '.join(d.name for d in self.dimensions)}, {self.hidden} of {self.size} cells hidden>"

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which cells are published, one axis per dimension."""
        return np.asarray(self._place >= 0)

    @property
    def size(self) -> int:
        return int(self._place.size)

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return self.size - len(self._published)

    def dimension(self, name: str) -> Dimension:
        """Raises ValueError when the table isn't counted by that."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise ValueError(f"The table isn't counted by {name!r}, only by {', '.join(d.name for d in self.dimensions)}.")

    def value(self, **codes: str) -> int | None:
        """The published count, or None when it is hidden; a dimension that isn't named is summed over.

        Raises ValueError when a dimension or a code isn't in the table.
        """
        for name in codes:
            self.dimension(name)
        place = self._place[tuple(d.index(codes.get(d.name, d.codes[0])) for d in self.dimensions)]
        return None if place < 0 else int(self._published[place])

    def cells(self) -> Iterator[tuple[tuple[str, ...], int | None]]:
        """Every cell: its codes in the order of the dimensions, and its count or None."""
        for codes, place in zip(itertools.product(*(d.codes for d in self.dimensions)), self._place.ravel(), strict=True):
            yield codes, None if place < 0 else int(self._published[place])

    def merged_certificate(self) -> Certificate:
        """The certificate with one column per cell that is the same, as `what_is_published` counts them."""
        if self.certificate.alternatives.shape[1] != self.hidden:
            raise NotSafe(f"The certificate doesn't fit the table, which has {self.hidden} hidden cells.")
        ids = relate([self.dimensions]).ids[0]
        _, first = np.unique(ids[self._place < 0], return_index=True)
        return Certificate(self.certificate.alternatives[:, first])

    def to_json(self) -> str:
        """The table as text, for `restore`: hidden counts are null."""
        counts = [None if place < 0 else int(self._published[place]) for place in self._place.ravel()]
        return json.dumps(
            {
                "format": FORMAT,
                "dimensions": [_to_data(d) for d in self.dimensions],
                "rule": {"small": self.rule.small},
                "counts": counts,
                "certificate": self.certificate.to_text(),
            },
            ensure_ascii=False,
        )


def seal(
    dimensions: Sequence[Dimension],
    counts: NDArray[np.int64],
    hidden: NDArray[np.bool_],
    rule: Rule,
    certificate: Certificate,
) -> SafeTable:
    """For `protect` alone: forget the hidden counts and seal the rest. Raises NotSafe when the proof fails."""
    return SafeTable(dimensions, ~hidden, counts[~hidden], rule, certificate, seal=_SEAL)


def restore(text: str) -> SafeTable:
    """A table from `to_json`. Raises ValueError when it isn't one, NotSafe when its certificate doesn't hold."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"This isn't a safe table in the format {FORMAT}.")
    dimensions = [Dimension(**_from_data(d)) for d in data["dimensions"]]
    counts, shape = data["counts"], tuple(len(d) for d in dimensions)
    shown = np.array([n is not None for n in counts], bool).reshape(shape)
    published = np.array([n for n in counts if n is not None], np.int64)
    rule = Rule(small=tuple(data["rule"]["small"]))
    return SafeTable(dimensions, shown, published, rule, Certificate.from_text(data["certificate"]), seal=_SEAL)


def what_is_published(tables: Sequence[SafeTable]) -> Published:
    """What someone who has all these tables knows; they must have the same rule.

    Raises NotSafe when two of them contradict each other, or a sum of published counts doesn't add up.
    """
    relations = relate([t.dimensions for t in tables])
    counts = np.full(relations.cells, -1, np.int64)
    for ids, table in zip(relations.ids, tables, strict=True):
        shown = table.shown
        own = table._published
        if ((counts[ids[shown]] >= 0) & (counts[ids[shown]] != own)).any():
            raise NotSafe("Two of the tables show different counts for the same cell.")
        counts[ids[shown]] = own
    hidden = counts < 0
    published = Published(relations.matrix, hidden, np.where(hidden, 0, counts), tables[0].rule.floor)
    complete = np.asarray(abs(relations.matrix) @ hidden.astype(np.int64)).ravel() == 0
    if (relations.matrix[complete] @ published.counts).any():
        raise NotSafe("The published counts don't add up.")
    return published


def _to_data(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "codes": dimension.codes,
        "parents": dimension.parents,
        "variable": dimension.variable,
        "groups": dict(dimension.groups) if dimension.groups is not None else None,
        "titles": dict(dimension.titles),
        "labels": {code: dict(texts) for code, texts in dimension.labels.items()},
    }


def _from_data(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "codes": tuple(data["codes"]), "parents": tuple(data["parents"])}
