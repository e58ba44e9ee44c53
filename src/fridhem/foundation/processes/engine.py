"""The one door to the process engine: start a process, see what is to be done, do it, let time pass.

A state is plain JSON with a version. It holds where the process stands and the answers that steer it; the definition stays
outside, and nothing about a person may come in: an answer is true, false, a number or a code. Time comes in as an argument.
Every function gives back a new state and leaves the old one as it was.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import BoundaryEventParser, EventDefinitionParser, IntermediateCatchEventParser
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent, ServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task, TaskState

from fridhem.foundation.processes import expressions, registry
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.vocabulary import BPMN, EDITOR
from fridhem.foundation.processes.writing import DECIDES, written
from fridhem.pure.deadlines.clock import Clock
from fridhem.pure.deadlines.span import Span, parse_span
from fridhem.pure.refusals import NotNow

State = dict[str, Any]
Answers = Mapping[str, str | int | bool]
Given = Sequence[tuple[str, Answers]]  # what service steps answered: (name of the step, its answers), in order
Ask = Callable[[str, Answers], Answers]  # who answers a service step: its name, the answers so far → its answers

FORMAT = 1
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


class TaskNotOpen(NotNow):
    """The task has been done by someone else, or the process has moved on from it."""


class NotACode(ValueError):
    """An answer that steers a process is true, false, a whole number or a code; never a text about someone."""


class NotAwaited(NotNow):
    """The diagram says nothing of that event, or what it says of it is being done already."""


class WrongState(ValueError):
    """The state belongs to another process or version, or to a format that we don't know."""


@dataclass(frozen=True)
class Running:
    """A time limit of what goes on: the clock of `timer`, which sits on the border of `node` or is it, between two steps."""

    node: Node
    timer: Node
    clock: Clock


@dataclass(frozen=True)
class OpenTask:
    """Something a person can do now. `due` is the earliest last day of the time limits that it stands under: `clocks`."""

    id: UUID
    node: Node
    due: date | None
    clocks: Sequence[Running] = ()


# ── The port ──────────────────────────────────────────────────────────────


def start(
    definition: Definition,
    answers: Answers | None = None,
    *,
    at: datetime,
    subject: Any = None,
    by: Any = None,
    ask: Ask | None = None,
) -> State:
    """The state of a new process at its first tasks. `answers` are known from the start, such as `{"age_group": "adult"}`.

    Service steps are told `subject` and `by`; `ask` answers in their place, and none of them does anything. Whoever runs a
    process with decision tables gives an `ask` that answers for them too. Raises `NotACode`.
    """
    script = _Script(subject, by, at, ask)
    standing = _Standing(_begun(definition, definition.key, _checked(answers or {}), script, at))
    standing.go_on()
    return _state(definition, standing, script.answered)


def open_tasks(definition: Definition, state: State) -> list[OpenTask]:
    """What people can do now, in the order of the diagram. Raises `WrongState`."""
    order = list(definition.nodes)
    found = [
        OpenTask(task.id, definition.nodes[task.task_spec.bpmn_id], _due(task), list(_clocks_over(definition, task)))
        for task in _restored(definition, state).ready()
    ]
    return sorted(found, key=lambda task: order.index(task.node.id))


def complete(
    definition: Definition,
    state: State,
    task: UUID,
    answers: Answers,
    *,
    at: datetime,
    subject: Any = None,
    by: Any = None,
    ask: Ask | None = None,
) -> State:
    """The state after a person has done `task`, with the process moved on as far as it goes by itself.

    Raises `TaskNotOpen`, `NotACode`, `expressions.MissingAnswer`, `WrongState`.
    """
    script = _Script(subject, by, at, ask)
    standing = _restored(definition, state, script, at)
    ready = _open(standing, task)
    ready.data.update(_checked(answers))
    ready.run()
    standing.go_on()
    return _state(definition, standing, script.answered)


def awaits(definition: Definition, state: State, event: str) -> bool:
    """Whether the diagram has a branch that begins by `event`, the process goes on, and that branch doesn't already."""
    return _awaits(definition, _restored(definition, state), event)


def raise_event(
    definition: Definition,
    state: State,
    event: str,
    *,
    at: datetime,
    subject: Any = None,
    by: Any = None,
    ask: Ask | None = None,
) -> State:
    """The state with the branch of `event` begun, knowing what has been answered. Nothing else is moved by it.

    Raises `NotAwaited` when the process doesn't await the event, `WrongState`.
    """
    script = _Script(subject, by, at, ask)
    standing = _restored(definition, state, script, at)
    if not _awaits(definition, standing, event):
        raise NotAwaited(_("The process doesn't wait for “%(event)s” at that point.") % {"event": event})
    answers = _answered(standing.main)
    standing.branches[event] = _begun(definition, definition.branches[event].calls, answers, script, at)
    standing.go_on()
    return _state(definition, standing, script.answered)


def pass_time(
    definition: Definition, state: State, *, at: datetime, subject: Any = None, by: Any = None, ask: Ask | None = None
) -> State:
    """The state after the timers whose last day has passed before `at` have gone off. Raises `WrongState`."""
    script = _Script(subject, by, at, ask)
    standing = _restored(definition, state, script, at)
    for workflow in standing.workflows:
        workflow.refresh_timers()
    standing.go_on()
    return _state(definition, standing, script.answered)


def postpone(definition: Definition, state: State, node: str, until: date) -> State:
    """The state with no timer of `node` going off until the day after `until`. Raises `TaskNotOpen`, `WrongState`."""
    return _reset(definition, state, node, lambda clock: replace(clock, until=until))


def pause(definition: Definition, state: State, node: str) -> State:
    """The state with the timers of `node` standing still. Raises `TaskNotOpen`, `WrongState`."""
    return _reset(definition, state, node, lambda clock: replace(clock, is_still=True))


def resume(definition: Definition, state: State, node: str, *, days: int) -> State:
    """The state with the timers of `node` going on after they stood still for `days`. Raises `TaskNotOpen`, `WrongState`."""
    return _reset(definition, state, node, lambda clock: replace(clock, is_still=False, stood_still=clock.stood_still + days))


def decision(step: str) -> str:
    """The key of the decision table that a step asks, by the name that `ask` is given; empty for a service step."""
    return step.removeprefix(DECIDES) if step.startswith(DECIDES) else ""


def given(state: State) -> Given:
    """What service steps and decision tables answered in the last move, for the history of the process."""
    return [(name, answers) for name, answers in state.get("given", ())]


def clocks(definition: Definition, state: State) -> list[Running]:
    """The time limits that open tasks stand under, also those that have passed, and those between two steps, as drawn."""
    standing, order = _restored(definition, state), list(definition.nodes)
    tasks = [*standing.ready(), *standing.tasks(state=TaskState.WAITING, spec_class=IntermediateCatchEvent)]
    found = {one.timer.id: one for task in tasks for one in _clocks_over(definition, task)}
    return sorted(found.values(), key=lambda one: order.index(one.timer.id))


def next_timer(definition: Definition, state: State) -> date | None:
    """The earliest last day among the waiting timers: `pass_time` does nothing until the day after it."""
    days = [_timer_day(task) for task in _restored(definition, state).tasks(state=TaskState.WAITING)]
    return min((day for day in days if day), default=None)


def is_finished(definition: Definition, state: State) -> bool:
    """Whether the process has reached its end, and so have its branches."""
    return all(workflow.completed for workflow in _restored(definition, state).workflows)


def done_nodes(definition: Definition, state: State) -> frozenset[str]:
    """The ids of the elements that the process has passed."""
    standing = _restored(definition, state)
    done = {task.task_spec.bpmn_id for task in standing.tasks(state=TaskState.COMPLETED)}
    branches = {
        definition.branches[event].id for event, workflow in standing.branches.items() if workflow.completed and workflow.success
    }
    return frozenset((done | branches) & set(definition.nodes))


# ── Answers ───────────────────────────────────────────────────────────────


def _checked(answers: Answers) -> dict[str, str | int | bool]:
    for name, value in answers.items():
        if not (name.isidentifier() and name.isascii() and (isinstance(value, int) or _is_code(value))):
            raise NotACode(f"The answer {name!r} isn't a code.")
    return dict(answers)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(_CODE.fullmatch(value))


# ── Where it stands ───────────────────────────────────────────────────────


@dataclass
class _Standing:
    """The workflow of the main process, and one for each event whose branch has been begun: the last time, if several."""

    main: BpmnWorkflow
    branches: dict[str, BpmnWorkflow] = field(default_factory=dict)

    @property
    def workflows(self) -> list[BpmnWorkflow]:
        return [self.main, *self.branches.values()]

    def tasks(self, **which: Any) -> Iterator[Task]:
        for workflow in self.workflows:
            yield from workflow.get_tasks(**which)

    def ready(self) -> Iterator[Task]:
        yield from (task for task in self.tasks(state=TaskState.READY) if task.task_spec.manual)

    def go_on(self) -> None:
        """As far as it goes by itself. An end that ends everything ends the branches too."""
        for workflow in self.workflows:
            workflow.do_engine_steps()
        if any(_ends_everything(task) for task in self.main.tasks.values()):
            for branch in self.branches.values():
                if not branch.completed:
                    branch.cancel()


def _ends_everything(task: Task) -> bool:
    said = getattr(task.task_spec, "event_definition", None)
    return task.state == TaskState.COMPLETED and isinstance(said, TerminateEventDefinition)


def _begun(definition: Definition, process: str, answers: Answers, script: "_Script", at: datetime) -> BpmnWorkflow:
    spec, others = _specs(definition)[process]
    workflow = BpmnWorkflow(spec, others, script_engine=script)
    workflow.clock = at
    workflow.task_tree.data.update(answers)
    return workflow


def _awaits(definition: Definition, standing: _Standing, event: str) -> bool:
    going_on = event in standing.branches and not standing.branches[event].completed
    return event in definition.branches and not standing.main.completed and not going_on


def _answered(workflow: BpmnWorkflow) -> Answers:
    """All that has been answered so far; what came last wins, and what is answered in a called process that goes on is last."""
    inside = sorted(workflow.get_active_subprocesses(), key=lambda process: process.depth)
    found: dict[str, Any] = {}
    for process in (workflow, *inside):
        done = [task for task in process.tasks.values() if task.state == TaskState.COMPLETED]
        for task in sorted(done, key=lambda task: task.last_state_change):
            found |= task.data
    return found


# ── Tasks ─────────────────────────────────────────────────────────────────


def _open(standing: _Standing, id: UUID) -> Task:
    found = next((known for known in standing.ready() if known.id == id), None)
    if found is None:
        raise TaskNotOpen(_("This step has already been done, or the case has moved on from it."))
    return found


def _timers(task: Task) -> list[Task]:
    """Those on the task's border; a timer between two steps is its own."""
    if isinstance(task.task_spec, IntermediateCatchEvent):
        return [task]
    siblings = task.parent.children if task.parent else []
    return [sibling for sibling in siblings if isinstance(sibling.task_spec, BoundaryEvent)]


def _due(task: Task) -> date | None:
    """The earliest last day among them and those of the called processes that the task is in."""
    days = [_timer_day(timer) for inside in _enclosing(task) for timer in _timers(inside)]
    return min((day for day in days if day), default=None)


def _enclosing(task: Task) -> Iterator[Task]:
    """The task, the call activity that it's in, the one that that is in …"""
    yield task
    while isinstance(task.workflow, BpmnSubWorkflow):
        task = task.workflow.parent_workflow.get_task_from_id(task.workflow.parent_task_id)
        yield task


def _clocks_over(definition: Definition, task: Task) -> Iterator[Running]:
    """The clocks of the task's own timers, then of those of the called processes that it's in."""
    for inside in _enclosing(task):
        for waiting in _timers(inside):
            timer = definition.nodes[waiting.task_spec.bpmn_id]
            if timer.span and "clock" in waiting.internal_data:
                yield Running(definition.nodes[timer.attached_to or timer.id], timer, _clock(waiting, timer.span))


def _going_on(standing: _Standing, node: str) -> Task:
    """The open task, or the called process that goes on, at a node. Raises `TaskNotOpen`."""
    for task in standing.tasks(state=TaskState.READY | TaskState.WAITING | TaskState.STARTED):
        if task.task_spec.bpmn_id == node:
            return task
    raise TaskNotOpen(_("This step has already been done, or the case has moved on from it."))


def _timer_day(task: Task) -> date | None:
    held = task.internal_data.get("event_value")
    return date.fromisoformat(held) if isinstance(held, str) else None


def _reset(definition: Definition, state: State, node: str, change: Callable[[Clock], Clock]) -> State:
    """The state with the clocks of a node's timers changed."""
    standing = _restored(definition, state)
    for timer in _timers(_going_on(standing, node)):
        _set(timer, change(_clock(timer, parse_span(timer.task_spec.event_definition.expression))))
    return _state(definition, standing)


def _clock(timer: Task, span: Span) -> Clock:
    """The clock of a timer as it was set."""
    held = timer.internal_data["clock"]
    until = date.fromisoformat(held["until"]) if "until" in held else None
    return Clock(datetime.fromisoformat(held["began"]), span, held.get("stood_still", 0), until, held.get("is_still", False))


def _set(timer: Task, clock: Clock) -> None:
    held: dict[str, Any] = {"began": clock.began.isoformat()}
    if clock.stood_still:
        held["stood_still"] = clock.stood_still
    if clock.until:
        held["until"] = clock.until.isoformat()
    if clock.is_still:
        held["is_still"] = True
    last = clock.last_day
    timer._set_internal_data(clock=held, event_value=last and last.isoformat())


# ── What we change in SpiffWorkflow: clock, conditions, service steps ─────


class _Timer(DurationTimerEventDefinition):
    """A time limit that counts as the law does, from the time that the caller says it is."""

    def has_fired(self, my_task: Task) -> bool:
        clock = my_task.workflow.top_workflow.clock
        if clock is None:  # the state is only being looked at
            return False
        now = timezone.localtime(clock)
        if not my_task.internal_data.keys() & {"clock", "event_value"}:
            _set(my_task, Clock(now, parse_span(self.expression)))
        last = _timer_day(my_task)
        if last and now.date() > last:
            my_task._set_internal_data(event_fired=True)
        return bool(my_task._get_internal_data("event_fired", False))


class _TimerParser(EventDefinitionParser):
    def parse_timer_event(self, event: etree._Element) -> _Timer:
        return _Timer(self.node.get("id"), event.findtext(f"{BPMN}timeDuration"), description=self.get_event_description(event))


class _BoundaryTimer(_TimerParser, BoundaryEventParser):
    pass


class _TimerBetween(_TimerParser, IntermediateCatchEventParser):
    pass


class _ServiceStep(ServiceTask):
    """Asks the registered step, and takes its answers."""

    def _execute(self, task: Task) -> bool:
        task.data.update(_checked(task.workflow.script_engine.call_step(self.extensions["step"], task.data)))
        return True


class _Service(TaskParser):
    def parse_extensions(self, node: Any = None) -> dict[str, str]:
        return {"step": self.node.get(f"{EDITOR}topic")}


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("boundaryEvent"): (_BoundaryTimer, BoundaryEvent),
        full_tag("intermediateCatchEvent"): (_TimerBetween, IntermediateCatchEvent),
        full_tag("serviceTask"): (_Service, _ServiceStep),
    }


class _Script(PythonScriptEngine):
    """Evaluates conditions with `expressions`, calls registered steps, and never runs a script."""

    def __init__(self, subject: Any = None, by: Any = None, at: datetime | None = None, ask: Ask | None = None) -> None:
        super().__init__()
        self._subject, self._by, self._at = subject, by, at
        self._ask = ask or self._ask_the_house
        self.answered: list[tuple[str, Answers]] = []

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> bool:
        return expressions.evaluate(expression, task.data)

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        raise expressions.BadExpression("scripts are never run")

    def call_step(self, name: str, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        found = self._ask(name, dict(answers))
        self.answered.append((name, dict(found)))
        return found

    def _ask_the_house(self, name: str, answers: Answers) -> Answers:
        assert self._at is not None
        return registry.steps()[name](registry.Call(self._subject, self._by, self._at, answers))


@lru_cache(maxsize=64)
def _specs(definition: Definition) -> dict[str, tuple[Any, dict[str, Any]]]:
    """What SpiffWorkflow runs of the main process and of each branch, with what they call, by their ids."""
    parser = _Parser(namespaces=DEFAULT_NSMAP)
    parser.add_bpmn_xml(written(definition))
    keys = [definition.key, *(branch.calls for branch in definition.branches.values())]
    return {key: (parser.get_spec(key), parser.get_subprocess_specs(key)) for key in keys}


# ── The state as data ─────────────────────────────────────────────────────


# What SpiffWorkflow writes for every task; only what differs is kept.
_USUAL = {"triggered": False, "internal_data": {}, "data": {}, "delta": {"updates": {}, "deletions": []}, "children": []}
_SAID = ("id", "typename")  # by the key, and by being a task
_AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE


class _Slim(BpmnWorkflowConverter):
    """Writes a workflow without its definition and without what every task has in common."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        kept = _slimmed(WorkflowConverter.to_dict(self, workflow))
        called = self.mapping_to_dict(workflow.subprocesses)
        return {**kept, "subprocesses": {id: _slimmed(process) for id, process in called.items()}}

    def restore(self, kept: dict[str, Any], spec: Any, others: dict[str, Any], script: _Script | None) -> BpmnWorkflow:
        workflow = BpmnWorkflow(spec, others, script_engine=script, deserializing=True)
        called = {id: _whole(process) for id, process in kept["subprocesses"].items()}
        kept = _whole(kept)
        workflow.tasks = self.mapping_from_dict(kept["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(kept["root"])]
        self.set_default_attributes(workflow, kept)
        self.subprocesses_from_dict(called, workflow)
        return workflow


def _slimmed(process: dict[str, Any]) -> dict[str, Any]:
    done = sorted({task["last_state_change"] for task in process["tasks"].values() if task["state"] == TaskState.COMPLETED})
    order = {moment: place for place, moment in enumerate(done)}
    return {**process, "tasks": {id: _slim(task, order) for id, task in process["tasks"].items()}}


def _slim(task: dict[str, Any], order: Mapping[float, int]) -> dict[str, Any]:
    """A task without what is usual. When it was done is kept as a place in the order: where ways meet, what came last wins.

    A task that hasn't been reached has nothing of its own: what it's guessed to inherit differs from look to look.
    """
    left_out = {*_SAID, "last_state_change", *(("data", "delta") if task["state"] & _AHEAD else ())}
    kept = {name: value for name, value in task.items() if name not in left_out and _USUAL.get(name, ...) != value}
    return {**kept, "order": order[task["last_state_change"]]} if task["state"] == TaskState.COMPLETED else kept


def _whole(process: dict[str, Any]) -> dict[str, Any]:
    """The tasks with what is usual, each after the one it inherits from: the database keeps no order."""
    tasks: dict[str, Any] = {}
    waiting = [process["root"]]
    while waiting:
        id = waiting.pop(0)
        task = {**copy.deepcopy(_USUAL), **process["tasks"][id], "id": id, "typename": "Task"}
        tasks[id] = {**task, "last_state_change": task.pop("order", 0)}
        waiting += task["children"]
    return {**process, "tasks": tasks}


_registry = BpmnWorkflowSerializer.configure({kind: made for kind, made in DEFAULT_CONFIG.items() if kind is not BpmnWorkflow})
_converter = _Slim(BpmnWorkflow, _registry)


def _state(definition: Definition, standing: _Standing, answered: Given = ()) -> State:
    branches = {event: _registry.convert(workflow) for event, workflow in standing.branches.items()}
    state = {
        "format": FORMAT,
        "process": definition.key,
        "version": definition.version,
        "engine": {**_registry.convert(standing.main), **({"branches": branches} if branches else {})},
    }
    return {**state, "given": [[name, dict(answers)] for name, answers in answered]} if answered else state


def _restored(definition: Definition, state: State, script: _Script | None = None, at: datetime | None = None) -> _Standing:
    belongs = (state.get("format"), state.get("process"), state.get("version"))
    if belongs != (FORMAT, definition.key, definition.version):
        raise WrongState(f"This state is of {belongs}, not of {definition.key} {definition.version}.")
    specs, kept = _specs(definition), state["engine"]
    branches = {
        event: _converter.restore(branch, *specs[definition.branches[event].calls], script)
        for event, branch in kept.get("branches", {}).items()
    }
    standing = _Standing(_converter.restore(kept, *specs[definition.key], script), branches)
    for workflow in standing.workflows:
        workflow.clock = at
    return standing
