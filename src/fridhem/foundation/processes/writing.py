"""A process as BPMN for the engine: what was read and nothing else, so that nothing passed over in a file can reach it."""

from collections.abc import Iterator

from lxml import etree

from fridhem.foundation.processes.definition import BRANCH, Definition, Flow, Node, Process
from fridhem.foundation.processes.vocabulary import BPMN, EDITOR

DECIDES = "decision:"  # before the key of a decision table, where a service step has its name
BETWEEN = ".ways"  # of the gateway that stands for several arrows out of one step


def written(definition: Definition) -> etree._Element:
    """The processes of a definition, each called one and each branch beside the main one, subprocesses inside theirs."""
    root = etree.Element(f"{BPMN}definitions", nsmap={"bpmn": BPMN[1:-1], "camunda": EDITOR[1:-1]})
    processes = {process.id: process for process in definition.processes}
    for process in processes.values():
        if process.id not in definition.nodes or definition.nodes[process.id].kind == BRANCH:
            element = etree.SubElement(root, f"{BPMN}process", id=process.id, name=process.name, isExecutable="true")
            _fill(element, process, processes)
    return root


def _fill(element: etree._Element, process: Process, processes: dict[str, Process]) -> None:
    splits = {node.id for node in process.nodes.values() if len(process.after[node.id]) > 1 and not node.kind.endswith("Gateway")}
    for node in (node for node in process.nodes.values() if node.kind != BRANCH):
        inside = _write(element, node, process)
        if node.kind == "subProcess":
            _fill(inside, processes[node.calls], processes)
    for flow in _flows(process, splits):
        arrow = etree.SubElement(element, f"{BPMN}sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
        if flow.condition:
            etree.SubElement(arrow, f"{BPMN}conditionExpression").text = flow.condition
    for id in splits:
        etree.SubElement(element, f"{BPMN}parallelGateway", id=id + BETWEEN)


def _flows(process: Process, splits: set[str]) -> Iterator[Flow]:
    """The arrows; where several leave a step they are all followed, as from a gateway that divides."""
    for flow in process.flows:
        yield Flow(flow.id, flow.source + BETWEEN, flow.target) if flow.source in splits else flow
    yield from (Flow(f"{id}{BETWEEN}.arrow", id, id + BETWEEN) for id in splits)


def _write(parent: etree._Element, node: Node, process: Process) -> etree._Element:
    kind = "serviceTask" if node.decision else node.kind
    element = etree.SubElement(parent, f"{BPMN}{kind}", id=node.id, name=node.name)
    if node.kind == "callActivity":
        element.set("calledElement", node.calls)
    if node.step or node.decision:
        element.set(f"{EDITOR}topic", DECIDES + node.decision if node.decision else node.step)
    if node.attached_to:
        element.set("attachedToRef", node.attached_to)
        element.set("cancelActivity", str(node.interrupts).lower())
    if node.span:
        timer = etree.SubElement(element, f"{BPMN}timerEventDefinition")
        etree.SubElement(timer, f"{BPMN}timeDuration").text = str(node.span)
    if node.terminates:
        etree.SubElement(element, f"{BPMN}terminateEventDefinition")
    default = next((flow.id for flow in process.after[node.id] if flow.is_default), "")
    if default and node.kind == "exclusiveGateway":
        element.set("default", default)
    return element
