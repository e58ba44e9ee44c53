"""Where a process can stand, by its drawing alone: tokens that move from step to step, without answers and without a clock.

The engine runs one case, whose answers it knows. Of a case that was run elsewhere only the steps are known, so here every arrow
out of a choice may have been followed, every timer may have gone off, and what a branch begins by may have happened (BPMN
2.0.2, chapter 13).
"""

from collections.abc import Iterator
from functools import cached_property

from fridhem.foundation.processes.definition import BRANCH, CALLED, Definition, Flow, Node, Process

Path = tuple[str, ...]  # the call activities that lead to where it is, outermost first
Token = tuple[Path, str]  # on a step, on an arrow into a join, on a called process or a branch, or on a timer that has gone off
Marking = tuple[Token, ...]  # sorted
_Moving = tuple[tuple[Path, Flow], ...]


class Net:
    """The markings of a process. Each method gives every marking that its move can lead to, without moving any step by itself."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def begun(self) -> frozenset[Marking]:
        """Where a case can stand when it begins."""
        return self._settled((), self._first(self.definition.main, ()))

    def after(self, marking: Marking, step: str) -> frozenset[Marking]:
        """Where it can stand when the step with that id has been done; nowhere when it isn't open."""
        found: frozenset[Marking] = frozenset()
        for path, id in marking:
            if id == step:
                found |= self._settled(self._without(marking, path, id), self._out(path, id))
        return found

    def after_a_timer(self, marking: Marking) -> frozenset[Marking]:
        """Where it can stand when one timer has gone off."""
        found: frozenset[Marking] = frozenset()
        for path, id in marking:
            for timer in self._timers.get(id, ()):
                if timer.interrupts:
                    found |= self._settled(self._without(marking, path, id), self._out(path, timer.id))
                elif (path, timer.id) not in marking:
                    found |= self._settled((*marking, (path, timer.id)), self._out(path, timer.id))
        return found

    def after_an_event(self, marking: Marking) -> frozenset[Marking]:
        """Where it can stand when something has happened that a branch begins by: while the main process goes on."""
        found: frozenset[Marking] = frozenset()
        branches = {((), branch.id): branch for branch in self.definition.branches.values()}
        if any(self._is_main(token) for token in marking):
            for token, branch in branches.items():
                if token not in marking:
                    first = self._first(self.definition.inside(branch), (branch.id,))
                    found |= self._settled((*marking, token), first)
        return found

    def open_steps(self, marking: Marking) -> frozenset[str]:
        """The ids of the steps that a person can do."""
        return frozenset(id for _path, id in marking if id in self._nodes and self._nodes[id].is_human)

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return dict(self.definition.nodes)

    @cached_property
    def _timers(self) -> dict[str, list[Node]]:
        """The timers that lead somewhere, by what they sit on. The others are clocks, and move nothing."""
        every = ((on, timer) for process in self.definition.processes for on, found in process.timers.items() for timer in found)
        leading: dict[str, list[Node]] = {}
        for on, timer in every:
            if self._after[timer.id]:
                leading.setdefault(on, []).append(timer)
        return leading

    @cached_property
    def _after(self) -> dict[str, tuple[Flow, ...]]:
        return {id: flows for process in self.definition.processes for id, flows in process.after.items()}

    @cached_property
    def _into(self) -> dict[str, frozenset[str]]:
        """The ids of the arrows into each node."""
        flows = [flow for process in self.definition.processes for flow in process.flows]
        return {id: frozenset(flow.id for flow in flows if flow.target == id) for id in self._nodes}

    def _is_main(self, token: Token) -> bool:
        """Whether it stands in the main process, and not in or on a branch."""
        path, id = token
        first = path[0] if path else id
        return first not in self._nodes or self._nodes[first].kind != BRANCH

    def _out(self, path: Path, id: str) -> _Moving:
        return tuple((path, flow) for flow in self._after[id])

    def _first(self, process: Process, path: Path) -> _Moving:
        start = next(node for node in process.nodes.values() if node.kind == "startEvent")
        return self._out(path, start.id)

    def _without(self, marking: Marking, path: Path, id: str) -> Marking:
        """The marking when what stood at `id` has left, with its timers and, of a called process, all that was in it."""
        left = list(marking)
        left.remove((path, id))
        inside, timers = (*path, id), {timer.id for timer in self._timers.get(id, ())}
        return tuple(
            (where, what) for where, what in left if where[: len(inside)] != inside and not (where == path and what in timers)
        )

    def _settled(self, marking: Marking, moving: _Moving) -> frozenset[Marking]:
        """Every marking that can come when what moves has come to rest."""
        found, waiting = set(), [(marking, moving)]
        while waiting:
            marking, moving = waiting.pop()
            if moving:
                waiting += self._one_on(marking, *moving[0], moving[1:])
            elif ended := self._ended(marking):
                waiting.append((self._without(marking, *ended), self._out(*ended)))
            else:
                found.add(tuple(sorted(marking)))
        return frozenset(found)

    def _one_on(self, marking: Marking, path: Path, flow: Flow, rest: _Moving) -> Iterator[tuple[Marking, _Moving]]:
        """What can come of one token's way along an arrow."""
        node = self._nodes[flow.target]
        if node.is_human:
            yield (*marking, (path, node.id)), rest
        elif node.kind in CALLED:
            inside = self._first(self.definition.inside(node), (*path, node.id))
            yield (*marking, (path, node.id)), inside + rest
        elif node.kind == "exclusiveGateway":
            for out in self._out(path, node.id):
                yield marking, (out, *rest)
        elif node.kind == "parallelGateway":
            arrived = {(path, id) for id in self._into[node.id]}
            if arrived <= {*marking, (path, flow.id)}:
                left = list(marking)
                for token in arrived - {(path, flow.id)}:
                    left.remove(token)
                yield tuple(left), self._out(path, node.id) + rest
            else:
                yield (*marking, (path, flow.id)), rest
        elif node.terminates:
            depth = len(path)
            others = tuple(token for token in marking if token[0][:depth] != path)
            yield others, tuple(one for one in rest if one[0][:depth] != path)
        else:
            yield marking, self._out(path, node.id) + rest

    def _ended(self, marking: Marking) -> Token | None:
        """A called process, or a branch, in which nothing is left to do."""
        busy = {where[:depth] for where, _id in marking for depth in range(1, len(where) + 1)}
        called = (token for token in marking if token[1] in self._nodes and self._nodes[token[1]].kind in {*CALLED, BRANCH})
        return next(((path, id) for path, id in called if (*path, id) not in busy), None)
