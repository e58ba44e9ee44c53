"""A case's way through its process: each thing that moves it is kept as an event, and its rows of steps follow.

From the events alone the engine's state can be rebuilt, on the same version of the process or on another.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.processes import engine, registry
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.engine import Answers, OpenTask, State
from fridhem.foundation.processes.history import Diverged, Event, Happened, replayed
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import queries
from fridhem.rooms.casework.enums import ExtensionAnswer, StepStatus
from fridhem.rooms.casework.models import Case, Extension, ProcessEvent, Step
from fridhem.rooms.processes import queries as processes


def of(case: Case) -> Definition:
    """The process that the case is on, in its version."""
    return processes.definition(case.process_key, case.process_version)


def is_finished(case: Case) -> bool:
    """Whether the process has come to its end."""
    return engine.is_finished(of(case), case.state)


def ending(case: Case) -> str:
    """Why the case is closed, by what the process says of the end that it has come to; empty when it says nothing."""
    return _said_at_the_end(case, "closing_reason")


def next_process(case: Case) -> str:
    """The key of the process that the case goes on as, by what the end that it has come to says of that age group; often none."""
    return _said_at_the_end(case, f"continues_{case.age_group}")


def begun(definition: Definition, answers: Answers, *, at: datetime, by: User) -> tuple[State, Event]:
    """The state of a case that begins, and what to `keep` when the case is there."""
    state = engine.start(definition, answers, at=at, by=by, ask=_asking(None, by=by, at=at))
    return state, Event(Happened.STARTED, at, answers=answers, given=engine.given(state))


def keep(case: Case, event: Event, *, by: User | None) -> None:
    """Add what happened to the case's history, and make its rows of steps say what is open now."""
    ProcessEvent.objects.create(
        case=case,
        number=case.process_events.count() + 1,
        version=case.process_version,
        what=event.what,
        at=event.at,
        node=event.node,
        event=event.event,
        answers=dict(event.answers),
        given=[[name, dict(answers)] for name, answers in event.given],
        until=event.until,
        days=event.days,
        by=by,
    )
    _keep_steps(case, at=event.at)


def complete(case: Case, step: Step, said: Answers, *, by: User, at: datetime) -> None:
    """Move on from a step that has been done. Of what was `said` the process keeps what steers. The case is locked."""
    answers = {name: answer for name, answer in said.items() if name in of(case).steering}
    ask = _asking(case, said, by=by, at=at)
    state = engine.complete(of(case), case.state, step.task, answers, at=at, subject=case, by=by, ask=ask)
    _moved(case, state, Event(Happened.DONE, at, node=step.node, answers=answers), by=by)


def pass_time(case: Case, *, at: datetime) -> None:
    """Let the timers that have run out go off. The case is locked."""
    state = engine.pass_time(of(case), case.state, at=at, subject=case, ask=_asking(case, by=None, at=at))
    if state["engine"] != case.state["engine"]:
        _moved(case, state, Event(Happened.TIME_PASSED, at), by=None)


def raise_event(case: Case, event: str, *, by: User, at: datetime) -> bool:
    """Begin the branch that the process has for an event; whether it had one that didn't go on already. The case is locked."""
    if not engine.awaits(of(case), case.state, event):
        return False
    state = engine.raise_event(of(case), case.state, event, at=at, subject=case, by=by, ask=_asking(case, by=by, at=at))
    _moved(case, state, Event(Happened.RAISED, at, event=event), by=by)
    return True


def postpone(case: Case, node: str, until: date, *, by: User, at: datetime) -> None:
    """Give a time limit a new last day. The case is locked. Raises `TaskNotOpen`."""
    state = engine.postpone(of(case), case.state, node, until)
    _moved(case, state, Event(Happened.POSTPONED, at, node=node, until=until), by=by)


def pause(case: Case, node: str, *, by: User, at: datetime) -> None:
    """Let a time limit stand still. The case is locked. Raises `TaskNotOpen`."""
    _moved(case, engine.pause(of(case), case.state, node), Event(Happened.PAUSED, at, node=node), by=by)


def resume(case: Case, node: str, *, days: int, by: User, at: datetime) -> None:
    """Let a time limit go on after it stood still for `days`. The case is locked. Raises `TaskNotOpen`."""
    state = engine.resume(of(case), case.state, node, days=days)
    _moved(case, state, Event(Happened.RESUMED, at, node=node, days=days), by=by)


def rebuild(case: Case, *, by: User | None, at: datetime) -> None:
    """Make the state anew from what has happened, when the stored one can't be read. The case is locked. Raises `NotNow`."""
    _stand(case, replayed(of(case), _history(case)), {})
    record("casework.case.rebuilt", subject=case, by=by, at=at)


def tried_on(case: Case, definition: Definition, renames: Mapping[str, str], *, at: datetime) -> State:
    """Where the case would stand on another version, had it begun there. `renames`: which node became which.

    Raises `NotNow` with the reason why it can't.
    """
    events = [*_history(case), Event(Happened.MOVED, at, answers=dict(renames))]
    try:
        return replayed(definition, events)
    except Diverged as refusal:
        if refusal.event.what == Happened.RAISED:
            raise NotNow(_("Something that has been begun in the case isn't in the new version.")) from None
        node = refusal.event.node
        if node in definition.nodes or node not in of(case).nodes:
            raise
        step = of(case).nodes[node].name
        raise NotNow(_("The new version has no “%(step)s”, which has been done in the case.") % {"step": step}) from None


def move_to(case: Case, definition: Definition, renames: Mapping[str, str], *, by: User | None, at: datetime) -> None:
    """Move the case to another version of its process, to where its history leads. The case is locked. Raises `NotNow`."""
    state = tried_on(case, definition, renames, at=at)
    case.process_version = definition.version
    _stand(case, state, renames, also=("process_version",))
    for was, now in renames.items():
        Extension.objects.filter(case=case, node=was).update(node=now)
    keep(case, Event(Happened.MOVED, at, answers=dict(renames)), by=by)
    record("casework.case.moved", subject=case, by=by, at=at, reason=f"{definition.key} {definition.version}")


def _asking(case: Case | None, said: Answers | None = None, *, by: User | None, at: datetime) -> engine.Ask:
    """Who answers for service steps and decision tables.

    A table is asked as it is on the day, by all that has been said in the case, which lies sealed; the process is told its
    answer only, and which version of the table gave it.
    """

    def ask(name: str, answers: Answers) -> Answers:
        table = engine.decision(name)
        if not table:
            return registry.steps()[name](registry.Call(case, by, at, answers))
        known = queries.answers(case) if case else {}
        return processes.decide(table, {**known, **answers, **(said or {})}, on=timezone.localdate(at))

    return ask


def _moved(case: Case, state: State, event: Event, *, by: User | None) -> None:
    case.state = state
    case.save(update_fields=["state"])
    keep(case, replace(event, given=engine.given(state)), by=by)


def _said_at_the_end(case: Case, name: str) -> str:
    process = of(case)
    reached = (process.nodes[id] for id in engine.done_nodes(process, case.state) if id not in process.begun_by)
    said = (node.properties.get(name, "") for node in reached if node.kind == "endEvent")
    return next((value for value in said if value), "")


def _history(case: Case) -> list[Event]:
    events = queries.history(case)
    if not events:
        raise NotNow(_("The case has no history of its process: it stays on the version that it's on."))
    return events


def _stand(case: Case, state: State, renames: Mapping[str, str], *, also: tuple[str, ...] = ()) -> None:
    """Let the case stand at `state`: its open steps are the same as before where they still are open, each with its new task."""
    case.state = state
    case.save(update_fields=["state", *also])
    tasks = engine.open_tasks(of(case), state)
    for step in Step.objects.filter(case=case, status=StepStatus.OPEN).order_by("opened_at", "pk"):
        same = next((task for task in tasks if task.node.id == renames.get(step.node, step.node)), None)
        if same:
            tasks.remove(same)
            _change(step, task=same.id, **_as_drawn(same.node), **_timed(of(case), same))


def _as_drawn(node: Node) -> dict[str, str]:
    """What a row of a step says as the diagram does."""
    said = {name: node.properties.get(name, "") for name in ("ground", "consult")}
    return {"node": node.id, "name": node.name, "role": node.role, "form": node.form, **said}


def _timed(definition: Definition, task: OpenTask) -> dict[str, Any]:
    """What a row of a step says of its time limit: of those that it stands under, the one that ends first."""
    ending = [(one.clock.last_day or date.max, place, one) for place, one in enumerate(task.clocks)]
    if not ending:
        return {"due_date": task.due, "limit": "", "warn_date": None, "is_still": False}
    first = min(ending)[-1]
    limit = processes.limit_of(definition, first.timer, on=timezone.localdate(first.clock.began))
    return {
        "due_date": task.due,
        "limit": limit.key,
        "warn_date": first.clock.warns_from(soon=limit.soon),
        "is_still": any(one.clock.is_still for one in task.clocks),
    }


def _change(step: Step, **values: Any) -> None:
    """Save what differs, if anything does."""
    new = {name: value for name, value in values.items() if getattr(step, name) != value}
    for name, value in new.items():
        setattr(step, name, value)
    if new:
        step.save(update_fields=list(new))


def _keep_steps(case: Case, *, at: datetime) -> None:
    """Make the rows of steps say what the engine says is open."""
    definition = of(case)
    tasks = {task.id: task for task in engine.open_tasks(definition, case.state)}
    known = {step.task: step for step in Step.objects.filter(case=case, task__in=tasks)}
    Step.objects.filter(case=case, status=StepStatus.OPEN).exclude(task__in=tasks).update(status=StepStatus.LAPSED)
    Step.objects.bulk_create(
        Step(
            case=case,
            task=task.id,
            opened_at=at,
            **_as_drawn(task.node),
            **_timed(definition, task),
        )
        for task in tasks.values()
        if task.id not in known
    )
    for step in known.values():
        _change(step, missed_date=step.missed_date or _missed(step, at), **_timed(definition, tasks[step.task]))

    running = {one.node.id for task in tasks.values() for one in task.clocks}
    asked = Extension.objects.filter(case=case, answer="").exclude(node__in=running)
    asked.update(answer=ExtensionAnswer.LAPSED, answered_at=at)


def _missed(step: Step, at: datetime) -> date | None:
    """The last day of an open step, when it has passed."""
    return step.due_date if step.due_date and step.due_date < timezone.localdate(at) else None
