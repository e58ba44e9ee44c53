"""Whether a process can be followed from start to end by the people and forms that there are."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from fridhem.foundation.processes import expressions
from fridhem.foundation.processes.definition import BRANCH, Drawing, Flow, Node, Process
from fridhem.foundation.processes.faults import Faults, kind


def check(processes: Collection[Process], drawing: Drawing, steps: Collection[str], faults: Faults) -> None:
    """Add to `faults` what keeps any of `processes` from being followed."""
    for process in processes:
        _check_ends(process, faults)
        _check_flows(process, faults)
        faults.stop()  # what follows walks the arrows
        for node in process.nodes.values():
            _check_node(node, process, processes, steps, faults)
            if node.id not in drawing.boxes:
                faults.add(_("%(what)s isn't drawn: save the diagram together with the process.") % {"what": _named(node)})
        _check_ways(process, faults)
    _check_calls(processes, faults)
    _check_branches(processes, faults)
    _check_shared(processes, faults)


def _named(node: Node) -> str:
    return _("“%(name)s” (%(kind)s)") % {"name": node.name or node.id, "kind": kind(node.kind)}


def _check_ends(process: Process, faults: Faults) -> None:
    starts = [node for node in process.nodes.values() if node.kind == "startEvent"]
    if len(starts) != 1:
        faults.add(
            _("“%(process)s” has %(count)s start events: draw exactly one.") % {"process": process.name, "count": len(starts)}
        )
    if not any(node.kind == "endEvent" for node in process.nodes.values()):
        faults.add(_("“%(process)s” has no end event: draw where it ends.") % {"process": process.name})


def _check_flows(process: Process, faults: Faults) -> None:
    for flow in process.flows:
        if flow.source not in process.nodes or flow.target not in process.nodes:
            faults.add(
                _("The arrow “%(arrow)s” doesn't join two elements of “%(process)s”: draw it again.")
                % {"arrow": flow.name or flow.id, "process": process.name}
            )
        elif process.nodes[flow.target].kind in {"startEvent", "boundaryEvent"}:
            faults.add(
                _("The arrow “%(arrow)s” leads into an event that begins something: turn it round.")
                % {"arrow": flow.name or flow.id}
            )
        elif BRANCH in {process.nodes[flow.source].kind, process.nodes[flow.target].kind}:
            faults.add(
                _("The arrow “%(arrow)s” leads to or from a branch that begins by an event: remove it, the branch needs none.")
                % {"arrow": flow.name or flow.id}
            )
    for node in process.nodes.values():
        if node.attached_to and not (node.attached_to in process.nodes and process.nodes[node.attached_to].may_have_timer):
            faults.add(_("%(what)s doesn't sit on a person's task or a called process: move it to one.") % {"what": _named(node)})


def _check_node(node: Node, process: Process, processes: Collection[Process], steps: Collection[str], faults: Faults) -> None:
    out = process.after[node.id]
    if node.is_human and not node.name:
        faults.add(_("%(what)s has no name: say what is to be done.") % {"what": _named(node)})
    if node.kind == "serviceTask" and node.step not in steps:
        known = ", ".join(sorted(steps)) or "–"
        faults.add(
            _("%(what)s asks for the step “%(step)s”, which the house doesn't know. Known: %(known)s.")
            % {"what": _named(node), "step": node.step, "known": known}
        )
    drawn_inside = {inner.id for other in processes for inner in other.nodes.values()}
    if node.kind == "callActivity" and node.calls not in {other.id for other in processes} - drawn_inside:
        faults.add(
            _("%(what)s calls “%(process)s”, which isn't a process in the same file.")
            % {"what": _named(node), "process": node.calls}
        )
    if node.kind == "businessRuleTask" and not node.decision:
        faults.add(_("%(what)s names no decision table: set its decision reference.") % {"what": _named(node)})
    if node.kind == "exclusiveGateway":
        _check_choice(node, out, faults)
    elif any(flow.condition for flow in out):
        faults.add(_("An arrow out of %(what)s has a condition: only an exclusive gateway chooses.") % {"what": _named(node)})


def _check_choice(node: Node, out: tuple[Flow, ...], faults: Faults) -> None:
    if len(out) < 2:
        return
    if sum(flow.is_default for flow in out) != 1:
        faults.add(_("%(what)s has no default arrow: say which way is taken when no condition holds.") % {"what": _named(node)})
    for flow in out:
        if flow.is_default:
            continue
        if not flow.condition:
            faults.add(
                _("The arrow “%(arrow)s” out of %(what)s has no condition.")
                % {"arrow": flow.name or flow.id, "what": _named(node)}
            )
            continue
        try:
            expressions.check(flow.condition)
        except expressions.BadExpression as error:
            faults.add(
                _("The condition on the arrow “%(arrow)s” isn't allowed: %(fault)s.")
                % {"arrow": flow.name or flow.id, "fault": error}
            )


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
    seen, leads = reach(starts, onward), reach(ends, back)
    for node in process.nodes.values():
        if node.kind == BRANCH:
            continue
        if node.id not in seen:
            faults.add(_("%(what)s is never reached: draw an arrow to it, or remove it.") % {"what": _named(node)})
        elif node.id not in leads:
            faults.add(_("%(what)s is a dead end: draw an arrow onwards to an end.") % {"what": _named(node)})
    alone = {
        id: [t for t in out if not process.nodes[t].is_human] for id, out in onward.items() if not process.nodes[id].is_human
    }
    looping = next((id for id in alone if id in reach(alone[id], alone)), None)
    if looping:
        faults.add(
            _("%(what)s lies in a loop without a person's task: it would never stop.") % {"what": _named(process.nodes[looping])}
        )


def _check_calls(processes: Collection[Process], faults: Faults) -> None:
    ids = {process.id for process in processes}
    calls = {process.id: [n.calls for n in process.nodes.values() if n.calls in ids] for process in processes}
    for process in processes:
        if process.id in reach(calls[process.id], calls):
            faults.add(_("“%(process)s” calls itself: it would never stop.") % {"process": process.name})


def _check_branches(processes: Collection[Process], faults: Faults) -> None:
    """What begins by an event lies in the main process, once for each event, and asks somebody to do something."""
    for place, process in enumerate(processes):
        branches = [node for node in process.nodes.values() if node.kind == BRANCH]
        for node in branches:
            inside = next(each for each in processes if each.id == node.calls)
            if place:
                faults.add(_("%(what)s lies in another process: draw it in the main one.") % {"what": _named(node)})
            if not any(step.is_human for step in inside.nodes.values()):
                faults.add(
                    _("%(what)s leads nowhere: draw the step that a person does when it happens.") % {"what": _named(node)}
                )
        for event in sorted({node.event for node in branches if sum(node.event == other.event for other in branches) > 1}):
            faults.add(_("Several branches begin by “%(event)s”: draw one, with all that is to be done.") % {"event": event})


def _check_shared(processes: Collection[Process], faults: Faults) -> None:
    """A branch and what goes on beside it have no called process in common: one step would be open in two places."""
    named = {process.id: process.name for process in processes}
    calls = {process.id: [node.calls for node in process.nodes.values() if node.kind != BRANCH] for process in processes}
    branches = [node for process in processes for node in process.nodes.values() if node.kind == BRANCH]
    for node in branches:
        beside = [next(iter(named)), *(other.calls for other in branches if other is not node)]
        for id in sorted(reach([node.calls], calls) & reach(beside, calls) & set(named)):
            faults.add(
                _("“%(process)s” is called both in %(what)s and elsewhere: draw one for each place.")
                % {"process": named[id], "what": _named(node)}
            )


def reach(starts: Iterable[str], onward: Mapping[str, Collection[str]]) -> set[str]:
    """All that can be come to from `starts`, themselves included."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting += onward.get(id, ())
    return seen
