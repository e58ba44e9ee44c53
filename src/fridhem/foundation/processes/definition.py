"""A core process as data: what a BPMN 2.0 file says, after `reading` has accepted it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fridhem.foundation.processes import expressions
from fridhem.pure.deadlines.span import Span

# What a person does; everything else the engine passes by itself.
HUMAN = frozenset({"userTask", "manualTask"})
CALLED = frozenset({"callActivity", "subProcess"})
BRANCH = "eventSubProcess"  # what is done when something happens, beside all else that goes on


@dataclass(frozen=True)
class Node:
    """A box, a circle or a diamond. `kind` is its BPMN name, such as `userTask`.

    For a person's task: `role` who does it (empty when its lane names no role), `form` which form, `documentation` how and why,
    `properties` what else the file says of it. For a service task: `step`, the registered name. For a business rule task:
    `decision`, the key of a decision table. For a call activity: `calls`, another process in the file; for a subprocess, its
    own id. For a branch (`BRANCH`) and its start: `event`, what it begins by. For a timer on a border: `attached_to`, `span`
    and `interrupts`; for one between two steps: `span`. For an end: `terminates`, whether it ends all else that goes on in
    its process.
    """

    id: str
    kind: str
    name: str = ""
    documentation: str = ""
    lane: str = ""
    role: str = ""
    form: str = ""
    step: str = ""
    decision: str = ""
    calls: str = ""
    event: str = ""
    attached_to: str = ""
    span: Span | None = None
    interrupts: bool = False
    terminates: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_human(self) -> bool:
        return self.kind in HUMAN

    @property
    def may_have_timer(self) -> bool:
        """Whether a time limit may sit on its border."""
        return self.is_human or self.is_called

    @property
    def is_called(self) -> bool:
        """Whether it's another process: one that is called, or one that is drawn in it."""
        return self.kind in CALLED


@dataclass(frozen=True)
class Flow:
    """An arrow; `condition` says when it's followed, `is_default` that it's followed when no other is."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class Lane:
    """A part of the pool: whose work it is."""

    id: str
    name: str
    role: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """One process of the file."""

    id: str
    name: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def after(self) -> Mapping[str, tuple[Flow, ...]]:
        """The arrows out of each node."""
        return {id: tuple(flow for flow in self.flows if flow.source == id) for id in self.nodes}

    @cached_property
    def timers(self) -> Mapping[str, tuple[Node, ...]]:
        """The boundary timers of each task."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                found[node.attached_to] = (*found.get(node.attached_to, ()), node)
        return found


@dataclass(frozen=True)
class Box:
    """Where something is drawn, in the diagram's own points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """The diagram interchange part of the file: boxes of nodes and lanes, points of arrows, boxes of labels; by id."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[tuple[float, float], ...]]
    labels: Mapping[str, Box]


@dataclass(frozen=True)
class Definition:
    """A whole file: the main process first. `key` and `version` name it for ever: a running case stays on its version.

    `passed_over`: how many of each kind the file has that only describe, and that neither run nor are drawn.
    """

    key: str
    version: int
    name: str
    documentation: str
    processes: tuple[Process, ...]
    drawing: Drawing
    xml: bytes = field(repr=False)
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)  # what the file says of the main process
    passed_over: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def main(self) -> Process:
        return self.processes[0]

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node of every process in the file; ids are unique in a file."""
        return {id: node for process in self.processes for id, node in process.nodes.items()}

    @cached_property
    def branches(self) -> Mapping[str, Node]:
        """What is done when something happens to a case, by the name of the event."""
        return {node.event: node for node in self.main.nodes.values() if node.kind == BRANCH}

    @cached_property
    def begun_by(self) -> Mapping[str, str]:
        """What each element of a branch waits for, in the words of the drawing, by its id."""
        return {node.id: words for branch in self.branches.values() for node, words in self._within(branch, branch.event)}

    def _within(self, node: Node, words: str) -> Iterator[tuple[Node, str]]:
        nodes = self.inside(node).nodes.values()
        words = next((start.name for start in nodes if start.event and start.name), words)
        for each in nodes:
            yield each, words
            if each.kind == "subProcess":
                yield from self._within(each, words)

    def inside(self, node: Node) -> Process:
        """The process that a call activity, a subprocess or a branch holds."""
        return next(process for process in self.processes if process.id == node.calls)

    @cached_property
    def steering(self) -> frozenset[str]:
        """The names of the answers that some arrow asks for: the others are none of the process's business."""
        flows = (flow for process in self.processes for flow in process.flows if flow.condition)
        return frozenset(name for flow in flows for name in expressions.names(flow.condition))

    @cached_property
    def decisions(self) -> frozenset[str]:
        """The keys of the decision tables that it asks."""
        return frozenset(node.decision for node in self.nodes.values() if node.decision)

    def limit_of(self, timer: Node) -> str:
        """Which law or routine the time of a boundary timer rests on: as the timer says, or the step that it sits on."""
        return timer.properties.get("limit") or self.nodes[timer.attached_to].properties.get("limit", "")

    def __hash__(self) -> int:
        return hash((self.key, self.version, self.xml))
