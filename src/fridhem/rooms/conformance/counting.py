"""From facts to figures that betray nobody: the true counts are gone when these return."""

from dataclasses import dataclass, field

from fridhem.pure.cubes.counting import count_rows
from fridhem.pure.disclosure.protect import protect
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import rules, sources


@dataclass(frozen=True)
class Counted:
    """What is kept of a measurement. `medians`: days by step, or by step and unit."""

    table: SafeTable
    medians: dict[str, int]
    cases: SafeTable | None = None
    unknown: list[tuple[str, int]] = field(default_factory=list)


def count_year(key: str, year: int) -> Counted:
    """Count and protect a year of our own cases. Raises NotSafe, `NothingToCount`."""
    return protected(sources.of_a_year(key, year, least=rules.LEAST))


def protected(facts: sources.Facts) -> Counted:
    """One table of everything, so that no part of it gives another away. A median stands where its count does."""
    table = protect(count_rows(facts.rows, facts.dimensions, weight="n"))
    units = {dimension.name for dimension in table.dimensions} & {"unit"}
    medians = {}
    for step, unit, days in facts.medians:
        if unit and not units:
            continue
        where = {"unit": unit} if unit else {}
        if (table.value(step=step, outcome="done", **where) or 0) >= rules.LEAST:
            medians[place(step, unit)] = round(days)
    return Counted(table, medians)


def place(step: str, unit: str = "") -> str:
    """Where the median of a step at a unit (of all units without) is kept."""
    return f"{step} {unit}".strip()
