"""Where a case stands on its core process: the diagram with today's step lit, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.pictures import Picture, drawn
from fridhem.rooms.casework import rules
from fridhem.rooms.casework.enums import StepStatus
from fridhem.rooms.casework.models import Case, Step
from fridhem.rooms.processes import queries as processes


def of(case: Case, steps: Sequence[Step]) -> Picture | None:
    """The picture of a case with its `steps`; None for a case that came without a process."""
    if case.process_key == rules.NO_PROCESS:
        return None
    definition = processes.definition(case.process_key, case.process_version)
    current = {step.node for step in steps if step.status == StepStatus.OPEN}
    return drawn(definition, done=engine.done_nodes(definition, case.state), current=current)


@dataclass(frozen=True)
class Weighing:
    """That a decision table decided the case's way on a day: which table, in which version."""

    on: date
    key: str
    name: str
    number: int


def weighings(case: Case) -> list[Weighing]:
    """What decision tables have decided in the case, in order; nothing for a process that asks none.

    Which rule it was isn't kept: it would tell what lies sealed.
    """
    if case.process_key == rules.NO_PROCESS or not processes.definition(case.process_key, case.process_version).decisions:
        return []
    asked = [
        (timezone.localdate(event.at), table, processes.table_version(answers))
        for event in case.process_events.exclude(given=[]).order_by("number")
        for name, answers in event.given
        if (table := engine.decision(name))
    ]
    known = processes.tables(on=date.max) if asked else {}
    return [Weighing(on, key, known[key].table.name, number) for on, key, number in asked if key in known and number]


def about(step: Step) -> str:
    """What the process says of how and why a step is done; empty when the diagram no longer has it."""
    if step.case.process_key == rules.NO_PROCESS:
        return ""
    node = processes.definition(step.case.process_key, step.case.process_version).nodes.get(step.node)
    return node.documentation if node else ""
