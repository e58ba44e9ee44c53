"""What happened to a process, as data. From it the state can be rebuilt: on its own version, or on another that it's moved to."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from fridhem.foundation.processes import engine, expressions
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.engine import Answers, Given, State
from fridhem.pure.refusals import NotNow


class Happened(StrEnum):
    """What can happen to a process.

    `RAISED` is an event that the diagram has a branch for. `POSTPONED`, `PAUSED` and `RESUMED` are about the time limit of one
    open task.

    `MOVED` is to another version; its answers say which node became which, for what happened before.
    """

    STARTED = "started"
    DONE = "done"
    TIME_PASSED = "time_passed"
    RAISED = "raised"
    POSTPONED = "postponed"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"


@dataclass(frozen=True)
class Event:
    """One thing that happened at a moment.

    `node` is the task that it happened to; `event` what was raised; `answers` are those that steer; `given` is what service steps
    answered on the way; `until` the new last day of what was postponed; `days` how long what was resumed had stood still.
    """

    what: Happened
    at: datetime
    node: str = ""
    answers: Answers = field(default_factory=dict)
    given: Given = ()
    until: date | None = None
    days: int = 0
    event: str = ""


class NeverAsked(NotNow):
    """While what happened is gone through again, the process asks for a service step that wasn't asked then."""


class Diverged(NotNow):
    """The history doesn't fit the process: at `event` something happened that couldn't have."""

    def __init__(self, event: Event, why: str) -> None:
        self.event = event
        super().__init__(why)


def replayed(definition: Definition, events: Iterable[Event]) -> State:
    """The state after all of `events`, the first of them `STARTED`. No service step is asked again.

    Raises `Diverged` with the first event that doesn't fit, ValueError when there are none or they begin with something else.
    """
    state: State | None = None
    for event in as_named_now(events):
        if (event.what == Happened.STARTED) is not (state is None):
            raise ValueError("A history begins with its start, and has one.")
        try:
            state = _after(definition, state, event)
        except (engine.TaskNotOpen, engine.NotAwaited, NeverAsked, expressions.MissingAnswer) as refusal:
            raise Diverged(event, str(refusal)) from None
    if state is None:
        raise ValueError("A history has at least its start.")
    return state


def as_named_now(events: Iterable[Event]) -> list[Event]:
    """The events by the names that their nodes have now, without the moves themselves."""
    found: list[Event] = []
    for event in events:
        if event.what == Happened.MOVED:
            found = [replace(each, node=str(event.answers.get(each.node, each.node))) for each in found]
        else:
            found.append(event)
    return found


def _after(definition: Definition, state: State | None, event: Event) -> State:
    ask = _answering(event.given)
    if state is None:
        return engine.start(definition, event.answers, at=event.at, ask=ask)
    if event.what == Happened.TIME_PASSED:
        return engine.pass_time(definition, state, at=event.at, ask=ask)
    if event.what == Happened.RAISED:
        return engine.raise_event(definition, state, event.event, at=event.at, ask=ask)
    if event.what == Happened.DONE:
        task = _task(definition, state, event.node)
        return engine.complete(definition, state, task, event.answers, at=event.at, ask=ask)
    if event.what == Happened.PAUSED:
        return engine.pause(definition, state, event.node)
    if event.what == Happened.RESUMED:
        return engine.resume(definition, state, event.node, days=event.days)
    assert event.until is not None
    return engine.postpone(definition, state, event.node, event.until)


def _answering(given: Given) -> engine.Ask:
    """Service steps answer what they answered then, each answer once."""
    left = list(given)

    def ask(name: str, _answers: Answers) -> Answers:
        for place, (asked, answers) in enumerate(left):
            if asked == name:
                del left[place]
                return answers
        raise NeverAsked(_("The process asks for “%(step)s”, which wasn't done at the time.") % {"step": name})

    return ask


def _task(definition: Definition, state: State, node: str) -> UUID:
    """The open task at a node. Raises `engine.TaskNotOpen`."""
    for task in engine.open_tasks(definition, state):
        if task.node.id == node:
            return task.id
    name = definition.nodes[node].name if node in definition.nodes else node
    raise engine.TaskNotOpen(_("“%(step)s” isn't open at that point.") % {"step": name})
