"""Which tables we count, by what, and in which unit; definitions are data."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_columns
from fridhem.pure.cubes.raw_table import RawTable
from fridhem.pure.disclosure.rule import Rule
from fridhem.rooms.statistics import sources
from fridhem.rooms.statistics.enums import Table


@dataclass(frozen=True)
class Cube:
    """How the facts of one definition are had, and the rule that protects them."""

    facts: Callable[[int], tuple[sources.Columns, tuple[Dimension, ...]]]
    rule: Rule = field(default_factory=Rule)


CUBES: dict[str, Cube] = {
    Table.GRANTED_REASONS: Cube(sources.granted_reasons),
    Table.ANONYMOUS_CONTACTS: Cube(sources.anonymous_contacts),
    Table.ANONYMOUS_HELP: Cube(sources.anonymous_help),
    Table.ANONYMOUS_VIOLENCE: Cube(sources.anonymous_violence),
}


def count(key: str, year: int) -> RawTable:
    """The true counts of a table for a year, with all margins. Raises KeyError, and ValueError for facts with unknown codes."""
    columns, dimensions = CUBES[key].facts(year)
    return count_columns(columns, dimensions, weight="n")


def years() -> list[int]:
    """The years that can be counted, newest first."""
    return sources.years()
