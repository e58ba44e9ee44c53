"""Gathers what happened to the steps: the only module here that reads another room's facts. What goes out isn't protected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import facts as casework
from fridhem.rooms.processes import queries as processes

Row = Mapping[str, str | int]
TITLES = {
    "step": {"sv": "Steg", "en": "Step"},
    "quarter": {"sv": "Kvartal", "en": "Quarter"},
    "unit": {"sv": "Enhet", "en": "Unit"},
    "version": {"sv": "Version", "en": "Version"},
}
OUTCOME = Dimension.tree("outcome", {"done": ["in_time", "late"], "left_out": [], "open": [], "unexpected": []})
QUARTERS = ("1", "2", "3", "4")


class NothingToCount(ValueError):
    """There are no facts."""


@dataclass(frozen=True)
class Facts:
    """Rows with `n` and a value for each dimension, and medians in days of so many."""

    rows: Sequence[Row]
    dimensions: tuple[Dimension, ...]
    medians: Sequence[tuple[str, str, float]]  # step, unit (empty for all), days


def of_a_year(key: str, year: int, *, least: int) -> Facts:
    """The steps of our own cases that were begun in `year`. Raises `NothingToCount`."""
    found = list(casework.steps(key, year))
    if not found:
        raise NothingToCount
    names = _names(key, sorted({fact.version for fact in found}))
    units = dict(sorted({fact.unit: fact.unit_name for fact in found}.items(), key=lambda item: item[1]))
    versions = {str(version): str(version) for version in sorted({fact.version for fact in found})}
    steps = {node: names.get(node, node) for node in (*names, *sorted({fact.step for fact in found} - set(names)))}
    quarters = flat("quarter", dict.fromkeys(QUARTERS, ""))
    dimensions = (flat("step", steps), OUTCOME, quarters, *_several(unit=units, version=versions))
    rows = [fact._asdict() for fact in found]
    return Facts(rows, dimensions, list(casework.step_days(key, year, least=least)))


def flat(name: str, codes: Mapping[str, str]) -> Dimension:
    """Codes with their names, directly under the total."""
    labels = {code: {"sv": label, "en": label} for code, label in codes.items() if label}
    return Dimension.flat(name, codes, titles=TITLES[name], labels=labels)


def _several(**more: Mapping[str, str]) -> Iterator[Dimension]:
    """A dimension for each that has more than one code: with one, it would say the same as the total."""
    return (flat(name, codes) for name, codes in more.items() if len(codes) > 1)


def _names(key: str, versions: Sequence[int]) -> dict[str, str]:
    """The people's steps of these versions, with the name in the newest that has them."""
    found: dict[str, str] = {}
    for version in versions:
        found |= {node.id: node.name for node in processes.definition(key, version).nodes.values() if node.is_human}
    return found
