"""How well a case that was run elsewhere followed a process: which steps it left out, and which it did that weren't to be done.

An alignment in the sense of process mining (Adriansyah, van Dongen & van der Aalst 2011), found event by event: exact in saying
whether a case followed the process; when it didn't, its deviations are few, but not always the fewest there could be.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.tokens import Marking, Net

MOST_LEFT_OUT = 6  # steps left out in a row; whoever leaves out more has followed something else
MOST_PLACES = 5_000  # markings looked at in one search; a process that a person can survey has far fewer
MOST_ALIKE = 2  # open steps of one kind in one place
COSTS = {"skipped": 2, "unexpected": 3}  # of two ways to tell the same, what was left out rather than what came too early
SLACK = 3  # how much more than the best so far a way may cost and still be followed


class Kind(StrEnum):
    """How a case can deviate."""

    SKIPPED = "skipped"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True)
class Deviation:
    """A step that was left out before the event at `place` (counted from 0), or an event there that wasn't to come.

    `step` is the id of a node; of what the process doesn't know, its name in the log.
    """

    kind: Kind
    step: str
    place: int


@dataclass(frozen=True)
class _Way:
    """A way to where a case may stand: what deviated on it, last first."""

    cost: int = 0
    last: Deviation | None = None
    before: "_Way | None" = None

    def on(self, deviations: Sequence[Deviation]) -> "_Way":
        way = self
        for deviation in deviations:
            way = _Way(way.cost + COSTS[deviation.kind], deviation, way)
        return way

    def told(self) -> list[Deviation]:
        found: list[Deviation] = []
        way: _Way | None = self
        while way and way.last:
            found.append(way.last)
            way = way.before
        return found[::-1]


_Front = dict[Marking, _Way]
_Led = tuple[tuple[tuple[str, ...], Marking], ...]  # what was left out, and where that leads


class Conformance:
    """Holds cases against one process. What has been found of one case is remembered for the next: keep it for a whole log."""

    def __init__(self, definition: Definition) -> None:
        self.net = Net(definition)
        self._names = _names(definition)
        self._around: dict[Marking, list[Marking]] = {}
        self._led: dict[tuple[Marking, str, bool], _Led] = {}

    def step(self, activity: str) -> str:
        """The id of the step that an activity of a log is, by its id or its name; empty when the process has none or several."""
        return self._names.get(_folded(activity), "")

    def deviations(self, activities: Sequence[str], *, is_closed: bool) -> list[Deviation]:
        """What deviates in a case, in order. Of a case that is `is_closed`, also what was left undone."""
        front: _Front = {marking: _Way() for marking in self.net.begun()}
        for place, activity in enumerate(activities):
            front = self._after(front, self.step(activity), activity, place)
        if is_closed:
            front = self._closed(front, len(activities))
        return min(front.values(), key=lambda way: way.cost).told()

    def _after(self, front: _Front, step: str, activity: str, place: int) -> _Front:
        followed = self._led_by(front, step, place, searching=False) if step else {}
        if not followed:
            unexpected = [Deviation(Kind.UNEXPECTED, step or activity, place)]
            followed = {marking: way.on(unexpected) for marking, way in front.items()}
            if step:
                _keep_best(followed, self._led_by(front, step, place, searching=True))
        best = min(way.cost for way in followed.values())
        return {marking: way for marking, way in followed.items() if way.cost <= best + SLACK}

    def _led_by(self, front: _Front, step: str, place: int, *, searching: bool) -> _Front:
        found: _Front = {}
        for marking, way in front.items():
            for skipped, after in self._leads(marking, step, searching=searching):
                _keep_best(found, {after: way.on(self._skipped(skipped, place))})
        return found

    def _closed(self, front: _Front, place: int) -> _Front:
        """At the end, what was left undone; where the end is further than is searched, what was open is."""
        ended = self._led_by(front, "", place, searching=True)
        return ended or {
            marking: way.on(self._skipped(sorted(self.net.open_steps(marking)), place)) for marking, way in front.items()
        }

    @staticmethod
    def _skipped(steps: Iterable[str], place: int) -> list[Deviation]:
        return [Deviation(Kind.SKIPPED, id, place) for id in steps]

    def _leads(self, marking: Marking, step: str, *, searching: bool) -> _Led:
        """The nearest places after `step` (or, without one, at the end), and the steps left out on the way there."""
        known = self._led.get((marking, step, searching))
        if known is None:
            known = self._led[marking, step, searching] = tuple(self._nearest(marking, step, searching))
        return known

    def _nearest(self, marking: Marking, step: str, searching: bool) -> Iterator[tuple[tuple[str, ...], Marking]]:
        seen = set[Marking]()
        ways: dict[Marking, tuple[str, ...]] = {near: () for near in self._near(marking)}
        for _left_out in range(MOST_LEFT_OUT + 1):
            seen |= set(ways)
            found = _first((after, skipped) for one, skipped in ways.items() for after in self._arrived(one, step))
            if found or not searching or len(seen) > MOST_PLACES:
                yield from ((skipped, after) for after, skipped in found.items())
                return
            ways = _first(
                (near, (*skipped, left))
                for one, skipped in ways.items()
                for left in sorted(self.net.open_steps(one))
                for after in sorted(self.net.after(one, left))
                for near in self._near(after)
                if near not in seen
            )

    def _arrived(self, marking: Marking, step: str) -> list[Marking]:
        """Where the step leads from here; without one, here if nothing is left to do."""
        if step:
            return sorted(self.net.after(marking, step))
        return [] if self.net.open_steps(marking) else [marking]

    def _near(self, marking: Marking) -> list[Marking]:
        """The marking itself, and then those that timers and events alone can make of it: nearest first."""
        found = self._around.get(marking)
        if found is None:
            found = self._around[marking] = [marking]
            for one in found:  # grows as it's gone through
                near = self.net.after_a_timer(one) | self.net.after_an_event(one)
                found += sorted(new for new in near - set(found) if _is_bounded(new))
        return found


def _is_bounded(marking: Marking) -> bool:
    """Timers in a loop can open the same step again and again: more than `MOST_ALIKE` at once are not followed."""
    return max(map(marking.count, marking), default=0) <= MOST_ALIKE


def _first(ways: Iterable[tuple[Marking, tuple[str, ...]]]) -> dict[Marking, tuple[str, ...]]:
    """The first way to each marking."""
    found: dict[Marking, tuple[str, ...]] = {}
    for marking, skipped in ways:
        found.setdefault(marking, skipped)
    return found


def _keep_best(front: _Front, more: _Front) -> None:
    for marking, way in more.items():
        if marking not in front or way.cost < front[marking].cost:
            front[marking] = way


def _names(definition: Definition) -> dict[str, str]:
    """Which step each id and each name is; a name that several have is nobody's."""
    steps = [node for node in definition.nodes.values() if node.is_human]
    named = [(_folded(node.name), node.id) for node in steps]
    alone = {name: id for name, id in named if [other for other, _id in named].count(name) == 1}
    return {**alone, **{_folded(node.id): node.id for node in steps}}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
