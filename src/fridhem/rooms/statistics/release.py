"""The one road from counted to safe."""

from collections.abc import Callable
from dataclasses import dataclass

from fridhem.pure.disclosure.protect import protect_all
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.statistics import cubes
from fridhem.rooms.statistics.enums import Stage


@dataclass(frozen=True)
class Made:
    """A safe table, and how many of its cells are hidden for their own sake and to guard others."""

    table: SafeTable
    small_cells: int
    further_cells: int


def make_safe(key: str, year: int, *, tell: Callable[[Stage], None]) -> Made:
    """Count the table and protect it; the true counts are gone when this returns.

    `tell` hears each stage as it begins. Raises NotSafe when no safe table was found, ValueError for facts with unknown codes.
    """
    tell(Stage.COUNT)
    raw = cubes.count(key, year)
    protected = protect_all([raw], cubes.CUBES[key].rule, tell=lambda stage: tell(Stage(stage)))
    return Made(protected.tables[0], protected.record.small_cells, protected.record.further_cells)
