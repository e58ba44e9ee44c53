"""Where a case stands on its core process: the diagram with today's step lit, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fridhem.foundation.processes import diagram, engine
from fridhem.foundation.processes.definition import Definition
from fridhem.rooms.casework import catalogue, rules
from fridhem.rooms.casework.enums import StepStatus
from fridhem.rooms.casework.models import Case, Step


@dataclass(frozen=True)
class Picture:
    """The drawing, and its lines in words."""

    name: str
    svg: SafeString
    lines: Sequence[diagram.Line]


def of(case: Case, steps: Sequence[Step]) -> Picture | None:
    """The picture of a case with its `steps`; None for a case that came without a process."""
    if case.process_key == rules.NO_PROCESS:
        return None
    definition = catalogue.process(case.process_key, case.process_version)
    current = {step.node for step in steps if step.status == StepStatus.OPEN}
    return drawn(definition, done=engine.done_nodes(definition, case.state), current=current)


def drawn(definition: Definition, *, done: frozenset[str] = frozenset(), current: Sequence[str] | set[str] = ()) -> Picture:
    """The picture of a process that stands at `current`, having passed `done`."""
    names = [definition.nodes[id].name for id in definition.nodes if id in current]
    description = _("Now: %(steps)s.") % {"steps": ", ".join(names)} if names else _("No step is open.")
    svg = diagram.draw(definition, title=definition.name, description=description, done=done, current=current)
    return Picture(definition.name, svg, diagram.outline(definition, done=done, current=current))


def about(step: Step) -> str:
    """What the process says of how and why a step is done; empty when the diagram no longer has it."""
    if step.case.process_key == rules.NO_PROCESS:
        return ""
    node = catalogue.process(step.case.process_key, step.case.process_version).nodes.get(step.node)
    return node.documentation if node else ""
