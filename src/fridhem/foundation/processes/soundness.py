"""Whether a process can be followed from start to end by the people and forms that there are."""

from collections.abc import Collection, Iterable, Mapping

from fridhem.foundation.processes import expressions
from fridhem.foundation.processes.definition import Drawing, Flow, Node, Process
from fridhem.foundation.processes.faults import Faults

SPLITS = frozenset({"exclusiveGateway", "parallelGateway"})


def check(processes: Collection[Process], drawing: Drawing, steps: Collection[str], faults: Faults) -> None:
    """Add to `faults` what keeps any of `processes` from being followed."""
    for process in processes:
        _check_ends(process, faults)
        _check_flows(process, faults)
        faults.stop()  # what follows walks the arrows
        for node in process.nodes.values():
            _check_node(node, process, processes, steps, faults)
            if node.id not in drawing.boxes:
                faults.add(f"{_named(node)} isn't drawn: save the diagram together with the process.")
        _check_ways(process, faults)
    _check_calls(processes, faults)


def _named(node: Node) -> str:
    return f"“{node.name or node.id}” ({node.kind})"


def _check_ends(process: Process, faults: Faults) -> None:
    starts = [node for node in process.nodes.values() if node.kind == "startEvent"]
    if len(starts) != 1:
        faults.add(f"“{process.name}” has {len(starts)} start events: draw exactly one.")
    if not any(node.kind == "endEvent" for node in process.nodes.values()):
        faults.add(f"“{process.name}” has no end event: draw where it ends.")


def _check_flows(process: Process, faults: Faults) -> None:
    for flow in process.flows:
        if flow.source not in process.nodes or flow.target not in process.nodes:
            faults.add(f"The arrow “{flow.name or flow.id}” doesn't join two elements of “{process.name}”: draw it again.")
        elif process.nodes[flow.target].kind in {"startEvent", "boundaryEvent"}:
            faults.add(f"The arrow “{flow.name or flow.id}” leads into an event that begins something: turn it round.")
    for node in process.nodes.values():
        if node.attached_to and not (node.attached_to in process.nodes and process.nodes[node.attached_to].is_human):
            faults.add(f"{_named(node)} doesn't sit on a person's task: move it to one.")


def _check_node(node: Node, process: Process, processes: Collection[Process], steps: Collection[str], faults: Faults) -> None:
    out = process.after[node.id]
    if node.is_human:
        faults.extend(
            f"{_named(node)} {lack}"
            for lack, lacks in (
                ("has no name: say what is to be done.", not node.name),
                ("has no lane: place it in the lane of who does it.", not node.role),
                ("has no form: set its form key.", node.kind == "userTask" and not node.form),
            )
            if lacks
        )
    if node.kind == "serviceTask" and node.step not in steps:
        known = ", ".join(sorted(steps)) or "none is registered"
        faults.add(f"{_named(node)} asks for the step “{node.step}”, which the house doesn't know ({known}).")
    if node.kind == "callActivity" and node.calls not in {other.id for other in processes}:
        faults.add(f"{_named(node)} calls “{node.calls}”, which isn't a process in the same file.")
    if node.kind not in SPLITS and len(out) > 1:
        faults.add(f"{_named(node)} has {len(out)} arrows out: put a gateway after it.")
    if node.kind == "exclusiveGateway":
        _check_choice(node, out, faults)
    elif any(flow.condition for flow in out):
        faults.add(f"An arrow out of {_named(node)} has a condition: only an exclusive gateway chooses.")


def _check_choice(node: Node, out: tuple[Flow, ...], faults: Faults) -> None:
    if len(out) < 2:
        return
    if sum(flow.is_default for flow in out) != 1:
        faults.add(f"{_named(node)} has no default arrow: say which way is taken when no condition holds.")
    for flow in out:
        if flow.is_default:
            continue
        if not flow.condition:
            faults.add(f"The arrow “{flow.name or flow.id}” out of {_named(node)} has no condition.")
            continue
        try:
            expressions.check(flow.condition)
        except expressions.BadExpression as error:
            faults.add(f"The condition on the arrow “{flow.name or flow.id}” isn't allowed: {error}.")


def _check_ways(process: Process, faults: Faults) -> None:
    """Nothing unreachable, no dead end, no loop that nobody stops."""
    onward = {id: [flow.target for flow in out] for id, out in process.after.items()}
    for id, timers in process.timers.items():
        onward[id] = onward[id] + [timer.id for timer in timers]
    back: dict[str, list[str]] = {id: [] for id in onward}
    for id, targets in onward.items():
        for target in targets:
            back[target].append(id)
    # A timer that doesn't interrupt and leads nowhere is a clock: it says when the task is due, and nothing more.
    ends = [n.id for n in process.nodes.values() if n.kind == "endEvent" or (n.attached_to and not n.interrupts)]
    starts = [node.id for node in process.nodes.values() if node.kind == "startEvent"]
    seen, leads = _reach(starts, onward), _reach(ends, back)
    for node in process.nodes.values():
        if node.id not in seen:
            faults.add(f"{_named(node)} is never reached: draw an arrow to it, or remove it.")
        elif node.id not in leads:
            faults.add(f"{_named(node)} is a dead end: draw an arrow onwards to an end.")
    alone = {
        id: [t for t in out if not process.nodes[t].is_human] for id, out in onward.items() if not process.nodes[id].is_human
    }
    looping = next((id for id in alone if id in _reach(alone[id], alone)), None)
    if looping:
        faults.add(f"{_named(process.nodes[looping])} lies in a loop without a person's task: it would never stop.")


def _check_calls(processes: Collection[Process], faults: Faults) -> None:
    ids = {process.id for process in processes}
    calls = {process.id: [n.calls for n in process.nodes.values() if n.calls in ids] for process in processes}
    for process in processes:
        if process.id in _reach(calls[process.id], calls):
            faults.add(f"“{process.name}” calls itself: it would never stop.")


def _reach(starts: Iterable[str], onward: Mapping[str, Collection[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting += onward.get(id, ())
    return seen
