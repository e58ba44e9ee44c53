"""Read a BPMN 2.0 file, or say of every fault what is wrong and where.

Only the part of the standard that the engine runs is accepted; the rest is refused by name, never passed over. Nothing in a
file is executed: there are no script tasks, no document type, no entities, and conditions are comparisons only.
"""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _
from lxml import etree

from fridhem.foundation.processes import soundness
from fridhem.foundation.processes.definition import Box, Definition, Drawing, Flow, Lane, Node, Process
from fridhem.foundation.processes.faults import BadProcess, Faults, called
from fridhem.pure.deadlines.span import Span, parse_span

LONGEST_FILE = 1_000_000  # bytes
MOST_NODES = 200  # more than a person can survey, and what the engine reads without strain
LONGEST_TEXT = 4_000

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
EDITOR = "{http://camunda.org/schema/1.0/bpmn}"  # the attributes that the common editors offer for forms and properties

NODES = frozenset(
    {
        "startEvent", "endEvent", "userTask", "manualTask", "serviceTask", "callActivity",
        "exclusiveGateway", "parallelGateway", "boundaryEvent",
    }
)  # fmt: skip
FURNITURE = frozenset(
    {
        "process", "collaboration", "participant", "laneSet", "lane", "flowNodeRef", "sequenceFlow", "conditionExpression",
        "incoming", "outgoing", "documentation", "extensionElements", "timerEventDefinition", "timeDuration",
        "textAnnotation", "association", "text",
    }
)  # fmt: skip


def read_process(data: bytes, *, roles: Mapping[str, str], steps: Collection[str] = ()) -> Definition:
    """The process in a BPMN file.

    `roles`: the name of a lane → whose work it is. `steps`: the service steps that the house knows. The first process is the
    main one; its id is the key, `camunda:versionTag` its version (1 without). Raises `BadProcess` with every fault found.
    """
    root = _parse(data)
    faults = Faults()
    _refuse_unknown(root, faults)
    elements = [element for element in root.iter(*(BPMN + kind for kind in NODES))]
    if len(elements) > MOST_NODES:
        faults.add(
            _("It has %(count)s elements; at most %(most)s can be surveyed: divide it with call activities.")
            % {"count": len(elements), "most": MOST_NODES}
        )
    faults.stop()
    processes = tuple(_process(element, roles, faults) for element in root.iter(f"{BPMN}process"))
    if not processes:
        faults.add(_("It has no process: draw at least a start, a task and an end."))
    ids = [element.get("id") for element in root.iter() if isinstance(element.tag, str) and element.get("id")]
    faults.extend(
        _("The id “%(id)s” is used twice: give each element its own.") % {"id": id}
        for id in sorted({i for i in ids if ids.count(i) > 1})
    )
    faults.stop()
    drawing = _drawing(root, faults)
    soundness.check(processes, drawing, steps, faults)
    faults.stop()
    main = root.find(f"{BPMN}process")
    return Definition(
        key=processes[0].id,
        version=_version(main, faults),
        name=processes[0].name,
        documentation=_documentation(main),
        processes=processes,
        drawing=drawing,
        xml=data,
        properties=_properties(main),
    )


def _parse(data: bytes) -> etree._Element:
    if len(data) > LONGEST_FILE:
        raise BadProcess([_("The file is larger than %(most)s kB.") % {"most": LONGEST_FILE // 1000}])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadProcess([_("The file isn't UTF-8 text: save it as BPMN 2.0 XML in UTF-8.")]) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadProcess([_("The file declares a document type or entities: remove them.")])
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BadProcess([_("The file isn't whole XML: %(fault)s.") % {"fault": error.msg}]) from None
    if root.tag != f"{BPMN}definitions":
        raise BadProcess([_("The file isn't BPMN 2.0: its outermost element must be “definitions” of that standard.")])
    return root


def _refuse_unknown(root: etree._Element, faults: Faults) -> None:
    """Every element of the standard must be one that is run, drawn or read; other vendors' only inside extensions."""
    for element in root.iterchildren():
        if element.tag.startswith(DI):
            continue
        inside = element.iter()
        for found in inside:
            name = etree.QName(found)
            if found.tag == f"{BPMN}extensionElements":
                _skip(inside, found)
            elif name.namespace != BPMN[1:-1]:
                faults.add(_("%(what)s comes from an unknown vocabulary: remove it.") % {"what": called(found)})
            elif name.localname == "scriptTask":
                faults.add(
                    _("%(what)s would run code: only registered steps may run. Make it a service task.") % {"what": called(found)}
                )
            elif name.localname not in NODES | FURNITURE:
                faults.add(
                    _("%(what)s isn't supported: redraw it with tasks, gateways, timers and call activities.")
                    % {"what": called(found)}
                )


def _skip(walk: Iterator[etree._Element], element: etree._Element) -> None:
    for _inside in range(sum(1 for _each in element.iterdescendants())):
        next(walk)


def _process(element: etree._Element, roles: Mapping[str, str], faults: Faults) -> Process:
    lanes = tuple(_lane(lane, roles, faults) for lane in element.iter(f"{BPMN}lane"))
    lane_of = {node: lane for lane in lanes for node in lane.nodes}
    nodes = [_node(child, lane_of.get(child.get("id", "")), faults) for child in element if _local(child) in NODES]
    defaults = {child.get("default") for child in element}
    flows = [_flow(child, child.get("id") in defaults) for child in element.iter(f"{BPMN}sequenceFlow")]
    return Process(
        id=element.get("id", ""),
        name=_text(element.get("name")) or element.get("id", ""),
        nodes={node.id: node for node in nodes},
        flows=tuple(flows),
        lanes=lanes,
    )


def _lane(element: etree._Element, roles: Mapping[str, str], faults: Faults) -> Lane:
    name = _text(element.get("name"))
    if name not in roles:
        faults.add(_("%(what)s names no role: call it one of %(roles)s.") % {"what": called(element), "roles": ", ".join(roles)})
    nodes = tuple((ref.text or "").strip() for ref in element.iterchildren(f"{BPMN}flowNodeRef"))
    return Lane(id=element.get("id", ""), name=name, role=roles.get(name, ""), nodes=nodes)


def _node(element: etree._Element, lane: Lane | None, faults: Faults) -> Node:
    if not element.get("id"):
        faults.add(_("%(what)s has no id: give it one.") % {"what": called(element)})
    return Node(
        id=element.get("id", ""),
        kind=_local(element),
        name=_text(element.get("name")),
        documentation=_documentation(element),
        lane=lane.name if lane else "",
        role=lane.role if lane else "",
        form=_text(element.get(f"{EDITOR}formKey")),
        step=_text(element.get(f"{EDITOR}topic")),
        calls=_text(element.get("calledElement")),
        attached_to=_text(element.get("attachedToRef")),
        span=_span(element, faults) if _local(element) == "boundaryEvent" else None,
        interrupts=element.get("cancelActivity", "true") == "true",
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
            _("%(what)s isn't a timer with a duration: the only event that may sit on a task's border.")
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


def _drawing(root: etree._Element, faults: Faults) -> Drawing:
    boxes, lines, labels = {}, {}, {}
    try:
        for shape in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
            id = shape.get("bpmnElement", "")
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


def _version(element: etree._Element, faults: Faults) -> int:
    tag = element.get(f"{EDITOR}versionTag", "1")
    if not (tag.isascii() and tag.isdigit()):
        faults.add(_("The version “%(version)s” isn't a whole number.") % {"version": tag})
        faults.stop()
    return int(tag)


def _documentation(element: etree._Element) -> str:
    return " ".join((element.findtext(f"{BPMN}documentation") or "").split())[:LONGEST_TEXT]


def _text(value: str | None) -> str:
    return " ".join((value or "").split())[:LONGEST_TEXT]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
