"""Gathers the rooms' facts: the only module that may. What comes in here has no identities; what goes out isn't protected."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import facts as casework
from fridhem.rooms.support import facts as support

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


# ── Anonymous contacts ────────────────────────────────────────────────────


def anonymous_contacts(year: int) -> tuple[Columns, tuple[Dimension, ...]]:
    """Anonymous contacts of a year: by what was offered, how, the age, where, and the answer to the question on violence."""
    return _counted(support.contacts(), year, "offer", "way", "age_group", "district", "violence")


def anonymous_help(year: int) -> tuple[Columns, tuple[Dimension, ...]]:
    """The same contacts by what was given and where the person was referred: nothing else that the first table has (0007)."""
    return _counted(support.contacts(), year, "given", "referred")


def anonymous_violence(year: int) -> tuple[Columns, tuple[Dimension, ...]]:
    """What those who said yes told of: a contact counts once for each form of violence. Not by district, as the first table."""
    return _counted(support.violence_forms(), year, "form", "age_group")


def _counted(facts: Iterable[Any], year: int, *names: str) -> tuple[Columns, tuple[Dimension, ...]]:
    found = [fact for fact in facts if fact.year == year]
    columns = {name: [getattr(fact, name) for fact in found] for name in (*names, "n")}
    return columns, support.dimensions(*names)
