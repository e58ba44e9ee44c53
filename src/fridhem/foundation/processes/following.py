"""How well a process is followed, step by step: what a log of many cases says, held against the diagram."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.utils import timezone

from fridhem.foundation.processes.conformance import Conformance, Kind
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.logs import LoggedCase
from fridhem.pure.deadlines.span import last_day

EACH = 1000  # cases between two words about how far it has come
MOST_UNKNOWN = 200  # names of what a process doesn't know; a log with more is of another process


@dataclass
class Followed:
    """What happened to one step: in how many cases it was done and how often, left out, done too late, done out of order.

    `hours` is how long each took, from when it was begun, or from what was done before it.
    """

    cases: int = 0
    done: int = 0
    skipped: int = 0
    unexpected: int = 0
    timed: int = 0  # of those done, with a time limit and a beginning
    late: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def median_hours(self) -> float | None:
        """None when no step's time is known."""
        return median(self.hours) if self.hours else None


@dataclass
class Following:
    """A whole log against a process: the steps by id, the cases that followed it, and what the process doesn't know of."""

    cases: int = 0
    conforming: int = 0
    steps: dict[str, Followed] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)  # in how many cases


def follow(
    definition: Definition, cases: Iterable[LoggedCase], *, told: Callable[[int], object] = lambda seen: None
) -> Following:
    """Hold the cases against the process. `told` hears how many have been gone through, now and then."""
    conformance = Conformance(definition)
    found = Following(steps={id: Followed() for id, node in definition.nodes.items() if node.is_human})
    limits = {id: limit for id, node in definition.nodes.items() if (limit := _limit(definition, node))}
    for case in cases:
        _one(case, conformance, limits, found)
        if found.cases % EACH == 0:
            told(found.cases)
    return found


def _one(case: LoggedCase, conformance: Conformance, limits: dict[str, Callable[[datetime], date]], found: Following) -> None:
    deviations = conformance.deviations([event.activity for event in case.events], is_closed=case.is_closed)
    found.cases += 1
    found.conforming += not deviations
    for deviation in deviations:
        step = found.steps.get(deviation.step)
        if step is None:
            continue
        if deviation.kind == Kind.SKIPPED:
            step.skipped += 1
        else:
            step.unexpected += 1
    before: datetime | None = None
    seen, unknown = set[str](), set[str]()
    for event in case.events:
        id = conformance.step(event.activity)
        if id:
            seen.add(id)
            _timed(found.steps[id], event.began_at or before, event.done_at, limits.get(id))
        else:
            unknown.add(event.activity)
        before = event.done_at
    for id in seen:
        found.steps[id].cases += 1
    found.unknown.update(name for name in unknown if name in found.unknown or len(found.unknown) < MOST_UNKNOWN)


def _timed(step: Followed, began: datetime | None, done: datetime, limit: Callable[[datetime], date] | None) -> None:
    step.done += 1
    if began is None:
        return
    step.hours.append(max((done - began).total_seconds(), 0) / 3600)
    if limit:
        step.timed += 1
        step.late += timezone.localdate(done) > limit(timezone.localtime(began))


def _limit(definition: Definition, node: Node) -> Callable[[datetime], date] | None:
    """The last day of a step by when it was begun: the shortest of its time limits."""
    spans = [timer.span for process in definition.processes for timer in process.timers.get(node.id, ()) if timer.span]
    if not node.is_human or not spans:
        return None
    return lambda began: min(last_day(began, span) for span in spans)
