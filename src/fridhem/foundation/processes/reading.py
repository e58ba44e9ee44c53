"""Read a BPMN 2.0 file, or say of every fault what is wrong and where.

Only the part of the standard that the engine runs is read into a process; what merely describes is passed over and counted, and
the rest is refused by name. Nothing in a file is executed: there are no script tasks, no document type, no entities, and
conditions are comparisons only. Other pools in the file are somebody else's work, and aren't read.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from lxml import etree

from fridhem.foundation.processes import soundness
from fridhem.foundation.processes.definition import BRANCH, Box, Definition, Drawing, Flow, Lane, Node, Process
from fridhem.foundation.processes.faults import BadProcess, Faults, called
from fridhem.foundation.processes.vocabulary import BPMN, DC, DD, DESCRIBES, DI, EDITOR, HAPPENS, PARTS, REASONS, RUN
from fridhem.foundation.processes.xml import decoded, parsed
from fridhem.pure.deadlines.span import Span, parse_span

MOST_NODES = 200  # more than a person can survey, and what the engine reads without strain
LONGEST_TEXT = 4_000
BETWEEN = 40  # points between two drawings of one file


def read_process(data: bytes, *, roles: Mapping[str, str], steps: Collection[str] = ()) -> Definition:
    """The process in a BPMN file.

    `roles`: the name of a lane → whose work it is; a lane of another name has no role. `steps`: the service steps that the
    house knows. The main process is one that no other calls: the first with a lane that has a role, otherwise the first that
    says that it's to be run, otherwise the first. Its id is the key, `camunda:versionTag` its version (1 without).

    Raises `BadProcess` with every fault found.
    """
    text = decoded(data, BadProcess)
    root = parsed(text, BadProcess)
    if root.tag != f"{BPMN}definitions":
        raise BadProcess([_("The file isn't BPMN 2.0: its outermost element must be “definitions” of that standard.")])
    faults = Faults()
    elements = _ours(root, roles, faults)
    passed_over: Counter[str] = Counter()
    for element in elements:
        _refuse_unknown(element, faults, passed_over)
    _check_size(elements, faults)
    faults.stop()
    processes = tuple(process for element in elements for process in _processes(element, roles, faults))
    _check_ids(elements, faults)
    faults.stop()
    drawing = _drawing(root, _drawn(root, processes), faults)
    soundness.check(processes, drawing, steps, faults)
    faults.stop()
    passed_over.update(_local(each) for each in root.iter(f"{BPMN}messageFlow"))
    passed_over["participant"] = sum(
        1 for pool in root.iter(f"{BPMN}participant") if _ref(pool, "processRef") not in _ids(elements)
    )
    return Definition(
        key=processes[0].id,
        version=_version(elements[0], faults),
        name=processes[0].name,
        documentation=_documentation(elements[0]),
        processes=processes,
        drawing=drawing,
        xml=text.encode(),
        properties=_properties(elements[0]),
        passed_over={kind: count for kind, count in sorted(passed_over.items()) if count},
    )


# ── What is ours in it ────────────────────────────────────────────────────


def _ours(root: etree._Element, roles: Mapping[str, str], faults: Faults) -> list[etree._Element]:
    """The main process and those that it calls. Raises `BadProcess` when there's none."""
    for element in root.iterchildren():
        if etree.QName(element).namespace not in (BPMN[1:-1], DI[1:-1]):
            faults.add(_("%(what)s comes from an unknown vocabulary: remove it.") % {"what": called(element)})
    processes = {element.get("id", ""): element for element in root.iterchildren(f"{BPMN}process")}
    if not processes:
        faults.add(_("It has no process: draw at least a start, a task and an end."))
        faults.stop()
    calls = {
        id: [_ref(each, "calledElement") for each in element.iter(f"{BPMN}callActivity")] for id, element in processes.items()
    }
    uncalled = [id for id in processes if not any(id in called for called in calls.values())] or list(processes)
    main = min(uncalled, key=lambda id: (not _has_role(processes[id], roles), processes[id].get("isExecutable") != "true"))
    found = soundness.reach([main], calls)
    return [processes[main], *(element for id, element in processes.items() if id in found and id != main)]


def _has_role(process: etree._Element, roles: Mapping[str, str]) -> bool:
    return any(_text(lane.get("name")) in roles for lane in process.iter(f"{BPMN}lane"))


def _refuse_unknown(element: etree._Element, faults: Faults, passed_over: Counter[str]) -> None:
    """Every element in a process must be one that is run or read, or that merely describes."""
    for child in element.iterchildren():
        name = etree.QName(child)
        if name.namespace != BPMN[1:-1]:
            faults.add(_("%(what)s comes from an unknown vocabulary: remove it.") % {"what": called(child)})
        elif child.tag == f"{BPMN}extensionElements":
            continue
        elif name.localname in DESCRIBES:
            passed_over[name.localname] += 1
        elif name.localname in HAPPENS.get(_local(element), ()):
            continue
        elif name.localname not in RUN and name.localname not in PARTS:
            faults.add(_refusal(child, element))
        else:
            _refuse_ways(child, faults)
            _refuse_unknown(child, faults, passed_over)


def _refusal(element: etree._Element, parent: etree._Element) -> str:
    kind = _local(element)
    if kind == "scriptTask":
        return _("%(what)s would run code: only registered steps may run. Make it a service task.") % {"what": called(element)}
    what = called(parent) if kind.endswith(("EventDefinition", "Characteristics")) else called(element)
    if kind in REASONS:
        return _("%(what)s can't be run: %(why)s.") % {"what": what, "why": REASONS[kind]}
    return _("%(what)s isn't supported: redraw it with tasks, gateways, timers and call activities.") % {"what": called(element)}


def _refuse_ways(element: etree._Element, faults: Faults) -> None:
    """What an attribute says of how an element is run."""
    if element.get("isForCompensation") == "true":
        faults.add(_("%(what)s can't be run: %(why)s.") % {"what": called(element), "why": REASONS["compensateEventDefinition"]})
    if _is_branch(element):
        _refuse_branch(element, faults)
    if {element.get("startQuantity", "1"), element.get("completionQuantity", "1")} != {"1"}:
        faults.add(
            _("%(what)s waits for several arrivals, or goes on several times: it must be once.") % {"what": called(element)}
        )


def _is_branch(element: etree._Element) -> bool:
    return _local(element) == "subProcess" and element.get("triggeredByEvent") == "true"


def _refuse_branch(element: etree._Element, faults: Faults) -> None:
    """A branch says by a message's name what it begins by, and breaks nothing off: time limits go on in what else is open."""
    if not _begins_by(element):
        faults.add(
            _("%(what)s doesn't say what it begins by: give its start event a message with a name, such as “danger”.")
            % {"what": called(element)}
        )
    elif any(start.get("isInterrupting", "true") == "true" for start in element.iterchildren(f"{BPMN}startEvent")):
        faults.add(
            _("%(what)s would break off everything else in the case: let its start event be non-interrupting.")
            % {"what": called(element)}
        )


def _begins_by(element: etree._Element) -> str:
    """The event that a branch begins by; empty when it doesn't say."""
    return next((name for start in element.iterchildren(f"{BPMN}startEvent") if (name := _event(start))), "")


def _event(start: etree._Element) -> str:
    message = start.find(f"{BPMN}messageEventDefinition")
    id = _ref(message, "messageRef") if message is not None else ""
    named = start.getroottree().getroot().iterchildren(f"{BPMN}message")
    return next((_text(each.get("name")) for each in named if id and each.get("id") == id), "")


def _check_size(elements: Iterable[etree._Element], faults: Faults) -> None:
    count = sum(1 for element in elements for _each in element.iter(*(BPMN + kind for kind in RUN)))
    if count > MOST_NODES:
        faults.add(
            _("It has %(count)s elements; at most %(most)s can be surveyed: divide it with call activities.")
            % {"count": count, "most": MOST_NODES}
        )


def _check_ids(elements: Iterable[etree._Element], faults: Faults) -> None:
    read = (*(BPMN + kind for kind in RUN), f"{BPMN}lane", f"{BPMN}sequenceFlow", f"{BPMN}process")
    count = Counter(each.get("id") for element in elements for each in element.iter(*read))
    faults.extend(
        _("The id “%(id)s” is used twice: give each element its own.") % {"id": id}
        for id in sorted(id for id, times in count.items() if id and times > 1)
    )


def _ids(elements: Iterable[etree._Element]) -> set[str]:
    return {element.get("id", "") for element in elements}


# ── Processes ─────────────────────────────────────────────────────────────


def _processes(
    element: etree._Element, roles: Mapping[str, str], faults: Faults, around: Lane | None = None
) -> Iterator[Process]:
    """A process, and after it the subprocesses drawn in it; what is drawn in one lies in the lane that it lies in."""
    lanes = tuple(
        _lane(lane, roles) for lane_set in element.iterchildren(f"{BPMN}laneSet") for lane in lane_set.iter(f"{BPMN}lane")
    )
    lane_of = {node: lane for lane in lanes for node in lane.nodes}
    drawn = [(child, lane_of.get(child.get("id", ""), around)) for child in element if _local(child) in RUN]
    nodes = [_node(child, lane, faults) for child, lane in drawn]
    defaults = {child.get("default") for child in element}
    flows = [_flow(child, child.get("id") in defaults) for child in element.iterchildren(f"{BPMN}sequenceFlow")]
    yield Process(
        id=element.get("id", ""),
        name=_text(element.get("name")) or element.get("id", ""),
        nodes={node.id: node for node in nodes},
        flows=tuple(flows),
        lanes=lanes,
    )
    for child, lane in drawn:
        if _local(child) == "subProcess":
            yield from _processes(child, roles, faults, lane)


def _lane(element: etree._Element, roles: Mapping[str, str]) -> Lane:
    name = _text(element.get("name"))
    nodes = tuple((ref.text or "").strip() for ref in element.iterchildren(f"{BPMN}flowNodeRef"))
    return Lane(id=element.get("id", ""), name=name, role=roles.get(name, ""), nodes=nodes)


def _node(element: etree._Element, lane: Lane | None, faults: Faults) -> Node:
    if not element.get("id"):
        faults.add(_("%(what)s has no id: give it one.") % {"what": called(element)})
    kind = BRANCH if _is_branch(element) else RUN[_local(element)]
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=_text(element.get("name")),
        documentation=_documentation(element),
        lane=lane.name if lane else "",
        role=lane.role if lane else "",
        form=_text(element.get(f"{EDITOR}formKey")),
        step=_text(element.get(f"{EDITOR}topic")),
        decision=_text(element.get(f"{EDITOR}decisionRef")),
        calls=element.get("id", "") if kind in ("subProcess", BRANCH) else _ref(element, "calledElement"),
        event=_begins_by(element) if kind == BRANCH else _event(element) if kind == "startEvent" else "",
        attached_to=_text(element.get("attachedToRef")),
        span=_span(element, faults) if kind in ("boundaryEvent", "intermediateCatchEvent") else None,
        interrupts=element.get("cancelActivity", element.get("isInterrupting", "true")) == "true",
        terminates=element.find(f"{BPMN}terminateEventDefinition") is not None,
        properties=_properties(element),
    )


def _properties(element: etree._Element) -> dict[str, str]:
    """What the editor calls extension properties, of the element itself."""
    found = element.iterfind(f"{BPMN}extensionElements/{EDITOR}properties/{EDITOR}property")
    return {_text(entry.get("name")): _text(entry.get("value")) for entry in found}


def _span(element: etree._Element, faults: Faults) -> Span | None:
    duration = element.find(f"{BPMN}timerEventDefinition/{BPMN}timeDuration")
    if duration is None:
        faults.add(
            _("%(what)s isn't a timer with a duration: the only event that may sit on a border or lie between two steps.")
            % {"what": called(element)}
        )
        return None
    try:
        return parse_span((duration.text or "").strip().strip('"'))
    except ValueError:
        faults.add(_("%(what)s has no time that can be read: write it as P14D, P2W, P4M or PT24H.") % {"what": called(element)})
        return None


def _flow(element: etree._Element, is_default: bool) -> Flow:
    condition = element.findtext(f"{BPMN}conditionExpression") or ""
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=_text(element.get("name")),
        condition=condition.strip(),
        is_default=is_default,
    )


# ── The drawing ───────────────────────────────────────────────────────────


def _drawn(root: etree._Element, processes: Iterable[Process]) -> set[str]:
    """The ids of what is drawn of our processes, with their pools."""
    found = {
        pool.get("id", "") for pool in root.iter(f"{BPMN}participant") if _ref(pool, "processRef") in {p.id for p in processes}
    }
    for process in processes:
        found |= {*process.nodes, *(flow.id for flow in process.flows), *(lane.id for lane in process.lanes)}
    return found


def _drawing(root: etree._Element, ids: Collection[str], faults: Faults) -> Drawing:
    """The drawings of the file below each other, where there are several."""
    boxes: dict[str, Box] = {}
    lines: dict[str, tuple[tuple[float, float], ...]] = {}
    labels: dict[str, Box] = {}
    for plane in root.iterchildren(f"{DI}BPMNDiagram"):
        one = _plane(plane, ids, faults)
        tops = [box.y for box in one.boxes.values()]
        down = max((box.y + box.height for box in boxes.values()), default=0) + BETWEEN - min(tops) if boxes and tops else 0
        boxes |= {id: replace(box, y=box.y + down) for id, box in one.boxes.items()}
        lines |= {id: tuple((x, y + down) for x, y in points) for id, points in one.lines.items()}
        labels |= {id: replace(box, y=box.y + down) for id, box in one.labels.items()}
    return Drawing(boxes=boxes, lines=lines, labels=labels)


def _plane(plane: etree._Element, ids: Collection[str], faults: Faults) -> Drawing:
    boxes, lines, labels = {}, {}, {}
    for shape in plane.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        id = _ref(shape, "bpmnElement")
        if id not in ids:
            continue
        try:
            bounds = shape.find(f"{DC}Bounds")
            if bounds is not None:
                boxes[id] = _box(bounds)
            points = tuple((_number(p, "x"), _number(p, "y")) for p in shape.iterchildren(f"{DD}waypoint"))
            if points:
                lines[id] = points
            label = shape.find(f"{DI}BPMNLabel/{DC}Bounds")
            if label is not None:
                labels[id] = _box(label)
        except ValueError:
            faults.add(_("The drawing of %(what)s has a place that isn't a number.") % {"what": called(shape)})
    return Drawing(boxes=boxes, lines=lines, labels=labels)


def _box(bounds: etree._Element) -> Box:
    return Box(*(_number(bounds, side) for side in ("x", "y", "width", "height")))


def _number(element: etree._Element, name: str) -> float:
    value = float(element.get(name, "nan"))
    if not abs(value) < 100_000:  # nan and infinity too
        raise ValueError(name)
    return value


# ── Texts ─────────────────────────────────────────────────────────────────


def _version(element: etree._Element, faults: Faults) -> int:
    tag = element.get(f"{EDITOR}versionTag", "1")
    if not re.fullmatch(r"\d{1,9}", tag, re.ASCII):
        faults.add(_("The version “%(version)s” isn't a whole number.") % {"version": tag[:80]})
        faults.stop()
    return int(tag)


def _documentation(element: etree._Element) -> str:
    return " ".join((element.findtext(f"{BPMN}documentation") or "").split())[:LONGEST_TEXT]


def _text(value: str | None) -> str:
    return " ".join((value or "").split())[:LONGEST_TEXT]


def _ref(element: etree._Element, name: str) -> str:
    """An id that an attribute points to; some editors write a prefix before it."""
    return _text(element.get(name)).rpartition(":")[2]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
