"""A safe table laid out for a reader: a line for each step, and the same on the drawing. What is hidden stays None."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fridhem.foundation.processes.diagram import Mark
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import rules

HEAVY = (30, 15, 5)  # percent late or left out: from where a step is drawn heavier and heavier


@dataclass(frozen=True)
class Line:
    """What happened to one step: how often, in percent, and how long it took. None: hidden, or nothing to divide by."""

    step: str
    name: str
    in_time: int | None
    late: int | None
    left_out: int | None
    open: int | None
    unexpected: int | None
    late_share: int | None
    left_out_share: int | None
    days: int | None

    @property
    def counts(self) -> tuple[int | None, ...]:
        """As they stand beside each other in the table."""
        return self.in_time, self.late, self.left_out, self.open, self.unexpected


def lines(table: SafeTable, medians: Mapping[str, int], part: Mapping[str, str]) -> list[Line]:
    """The steps in the order of the table, in the chosen part of it."""
    step = table.dimension("step")
    return [_line(table, medians, code, step.label(code), part) for code in step.codes[1:]]


def _line(table: SafeTable, medians: Mapping[str, int], step: str, name: str, part: Mapping[str, str]) -> Line:
    found = {outcome: table.value(step=step, outcome=outcome, **part) for outcome in table.dimension("outcome").codes[1:]}
    done, late, left_out = found["done"], found["late"], found["left_out"]
    ended = None if done is None or left_out is None else done + left_out
    # A median is of the whole year, at one unit or all: of smaller parts there would be few.
    days = medians.get(" ".join((step, *part.values()))) if set(part) <= {"unit"} else None
    return Line(
        step, name, found["in_time"], late, left_out, found["open"], found["unexpected"],
        _percent(late, done), _percent(left_out, ended), days,
    )  # fmt: skip


def _percent(part: int | None, whole: int | None) -> int | None:
    """In whole percent; None when there are too few to speak of shares."""
    if part is None or whole is None or whole < rules.LEAST:
        return None
    return (200 * part + whole) // (2 * whole)


def marks(found: Sequence[Line]) -> dict[str, Mark]:
    """What is written at each step of the drawing: nothing where nothing may be told."""
    return {line.step: Mark(words, _weight(line)) for line in found if (words := _words(line))}


def _words(line: Line) -> str:
    told = []
    if line.late_share is not None:
        told.append(_("late %(share)s %%") % {"share": line.late_share})
    if line.left_out_share is not None:
        told.append(_("left out %(share)s %%") % {"share": line.left_out_share})
    return ", ".join(told)


def _weight(line: Line) -> int:
    worst = max(line.late_share or 0, line.left_out_share or 0)
    return sum(worst >= limit for limit in HEAVY)
