"""A process as a page shows it: the drawing with what is open lit, and the same in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fridhem.foundation.processes import diagram
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.faults import kind


@dataclass(frozen=True)
class Picture:
    """The drawing, and its lines in words."""

    name: str
    svg: SafeString
    lines: Sequence[diagram.Line]


def drawn(definition: Definition, *, done: Collection[str] = frozenset(), current: Collection[str] = ()) -> Picture:
    """The picture of a process that stands at `current`, having passed `done`."""
    names = [definition.nodes[id].name for id in definition.nodes if id in current]
    description = _("Now: %(steps)s.") % {"steps": ", ".join(names)} if names else _("No step is open.")
    svg = diagram.draw(definition, title=definition.name, description=description, done=done, current=current)
    return Picture(definition.name, svg, diagram.outline(definition, done=done, current=current))


def passed_over(definition: Definition) -> str:
    """What the file has that only describes: “2 data object, 1 other pool”."""
    return ", ".join(f"{kind(name)} ({count})" for name, count in definition.passed_over.items())
