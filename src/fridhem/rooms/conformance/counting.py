"""From facts to figures that betray nobody: the true counts are gone when these return."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.following import Following, follow
from fridhem.foundation.processes.logs import LoggedCase
from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_rows
from fridhem.pure.disclosure.protect import protect
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import rules, sources

OTHERS = {"sv": "Övriga", "en": "Others"}  # units of few cases, or of none that the log says


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


def count_log(definition: Definition, cases: Sequence[LoggedCase], *, told: Callable[[int], object]) -> Counted:
    """Hold a log against a process, then count and protect it. `told` hears how many cases have been gone through."""
    found: dict[str, Following] = {}
    for unit in sorted({case.unit for case in cases}):
        before = sum(one.cases for one in found.values())
        theirs = [case for case in cases if case.unit == unit]
        found[unit] = follow(definition, theirs, told=_after(before, told))
    conforming, every = sum(one.conforming for one in found.values()), len(cases)
    followed = Dimension.flat("case", ("followed", "deviated"))
    rows = [{"case": "followed", "n": conforming}, {"case": "deviated", "n": every - conforming}]
    return replace(
        protected(_facts(definition, found)),
        cases=protect(count_rows(rows, [followed], weight="n")),
        unknown=_unknown(found.values()),
    )


def _after(before: int, told: Callable[[int], object]) -> Callable[[int], object]:
    return lambda seen: told(before + seen)


def _facts(definition: Definition, found: Mapping[str, Following]) -> sources.Facts:
    """What a log says of each step at each unit. A step that was done out of order counts as that too."""
    steps = {id: node.name for id, node in definition.nodes.items() if node.is_human}
    codes = {unit: str(number) for number, unit in enumerate(found)}
    labels = {code: {"sv": unit, "en": unit} if unit else OTHERS for unit, code in codes.items()}
    units = Dimension.flat("unit", codes.values(), titles=sources.TITLES["unit"], labels=labels)
    rows: list[sources.Row] = [
        {"step": id, "unit": codes[unit], "outcome": outcome, "n": n}
        for unit, following in found.items()
        for id, step in following.steps.items()
        for outcome, n in (
            ("in_time", step.done - step.late), ("late", step.late), ("left_out", step.skipped), ("unexpected", step.unexpected),
        )
    ]  # fmt: skip
    hours = {id: [hour for following in found.values() for hour in following.steps[id].hours] for id in steps}
    medians = [(id, "", median(known) / 24) for id, known in hours.items() if len(known) >= rules.LEAST]
    several = (units,) if len(codes) > 1 else ()
    return sources.Facts(rows, (sources.flat("step", steps), sources.OUTCOME, *several), medians)


def _unknown(found: Iterable[Following]) -> list[tuple[str, int]]:
    """What the process doesn't know, where enough cases have it; most first."""
    every: Counter[str] = sum((one.unknown for one in found), Counter())
    return [(name, cases) for name, cases in every.most_common() if name and cases >= rules.LEAST]


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
