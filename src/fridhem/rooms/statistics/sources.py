"""Gathers the rooms' facts: the only module that may. What comes in here has no identities; what goes out isn't protected."""

from collections.abc import Mapping, Sequence
from typing import Any

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import facts as casework

Columns = Mapping[str, Sequence[Any]]


def years() -> list[int]:
    """The years in which something was granted, newest first."""
    return casework.years()


def granted_reasons(year: int) -> tuple[Columns, tuple[Dimension, ...]]:
    """Reasons of granted interventions decided in `year`: a column per dimension and `n`, and the dimensions."""
    dimensions = casework.dimensions([year])[:-1]  # the year itself is the table's, not a dimension of it
    found = [fact for fact in casework.granted_reasons() if fact.year == year]
    columns = {dimension.name: [getattr(fact, dimension.name) for fact in found] for dimension in dimensions}
    return {**columns, "n": [fact.n for fact in found]}, dimensions
