"""BPMN files for tests: as small as the test needs."""

import itertools

from lxml import etree

from fridhem.rooms.processes import catalogue

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'targetNamespace="urn:test">'
)
NUMBER, NEXT = 1, 2  # of the core process for adults: the one that ships, and the first that is uploaded
ROLES = {"Handläggare": "caseworker", "Gruppledare": "team_leader"}


def task(id: str, *, kind: str = "userTask", name: str = "", form: str = "plain", inside: str = "") -> str:
    return f'<bpmn:{kind} id="{id}" name="{name or id.title()}" camunda:formKey="{form}">{inside}</bpmn:{kind}>'


def node(kind: str, id: str, inside: str = "", **attributes: str) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{id}" {written}>{inside}</bpmn:{kind}>'


def clock(on: str, span: str, *, interrupts: bool = False) -> str:
    timer = f"<bpmn:timerEventDefinition><bpmn:timeDuration>{span}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    return node("boundaryEvent", f"{on}_clock", timer, attachedToRef=on, cancelActivity=str(interrupts).lower())


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return node("sequenceFlow", id or f"{source}_to_{target}", inside, sourceRef=source, targetRef=target)


def process(*parts: str, id: str = "test", lanes: dict[str, list[str]] | None = None) -> str:
    """One process; every id in `lanes` is placed in the lane of that name."""
    drawn = "".join(
        f'<bpmn:lane id="{id}_lane_{number}" name="{name}">'
        + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
        + "</bpmn:lane>"
        for number, (name, nodes) in enumerate((lanes or {}).items())
    )
    return (
        f'<bpmn:process id="{id}" name="{id}"><bpmn:laneSet id="{id}_lanes">{drawn}</bpmn:laneSet>{"".join(parts)}</bpmn:process>'
    )


def drawing(ids: list[str]) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{id}"><dc:Bounds x="{100 + 160 * n}" y="80" width="120" height="80"/></bpmndi:BPMNShape>'
        for n, id in enumerate(ids)
    )
    return f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'


def file(*processes: str, drawn: list[str]) -> bytes:
    return f"{HEAD}{''.join(processes)}{drawing(drawn)}</bpmn:definitions>".encode()


def chain(*tasks: str, extra: str = "", drawn: tuple[str, ...] = ()) -> bytes:
    """A start, the tasks one after another in the caseworker's lane, an end; `extra` is put into the process as it is."""
    ids = ["start", *tasks, "end"]
    flows = [flow(a, b) for a, b in itertools.pairwise(ids)]
    parts = [node("startEvent", "start"), *map(task, tasks), node("endEvent", "end"), *flows, extra]
    return file(process(*parts, lanes={"Handläggare": list(tasks)}), drawn=[*ids, *drawn])


def branch(*tasks: str, event: str = "danger", id: str = "branch", interrupts: bool = False, inside: str = "") -> str:
    """A branch that begins by an event: its start, the tasks one after another, its end; `inside` is put into it as it is."""
    ids = [f"{id}_start", *tasks, f"{id}_end"]
    begins = node(
        "startEvent", ids[0], f'<bpmn:messageEventDefinition messageRef="{event}"/>', isInterrupting=str(interrupts).lower()
    )
    parts = [begins, *map(task, tasks), node("endEvent", ids[-1]), *(flow(a, b) for a, b in itertools.pairwise(ids)), inside]
    return node("subProcess", id, "".join(parts), triggeredByEvent="true", name="Branch")


def branched(*tasks: str, beside: str, extra: str = "", drawn: tuple[str, ...] = (), event: str = "danger") -> bytes:
    """A chain of tasks, and beside them a branch with one task, both in the caseworker's lane."""
    ids = ["start", *tasks, "end"]
    parts = [node("startEvent", "start"), *map(task, tasks), node("endEvent", "end")]
    parts += [*(flow(a, b) for a, b in itertools.pairwise(ids)), branch(beside, event=event), extra]
    every = [*ids, "branch", "branch_start", beside, "branch_end", *drawn]
    known = node("message", event, name=event)
    return file(process(*parts, lanes={"Handläggare": [*tasks, "branch"]}), known, drawn=every)


def changed(**limits: str) -> bytes:
    """The core process for adults as its owner has changed it: `{step}_limit` → another time limit; without, the first step's."""
    tree = etree.fromstring(catalogue.newest()["vinr_adult"].xml)
    for step, span in (limits or {"assess_protection": "PT48H"}).items():
        (found,) = tree.xpath(f"//*[@id='{step}_limit']//*[local-name()='timeDuration']")
        found.text = span
        tree.xpath(f"//*[@id='{step}_limit']")[0].set("name", span)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def unbranched() -> bytes:
    """The same as it would be if nothing were drawn for a danger."""
    tree = etree.fromstring(catalogue.newest()["vinr_adult"].xml)
    (branch,) = tree.xpath("//*[@triggeredByEvent]")
    gone = {part.get("id") for part in branch.iter() if part.get("id")}
    named = tree.xpath("//*[@bpmnElement or local-name()='flowNodeRef' or local-name()='message']")
    for part in (branch, *named):
        if part is branch or part.tag.endswith("}message") or {part.get("bpmnElement"), (part.text or "").strip()} & gone:
            part.getparent().remove(part)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def redrawn(**renamed: str) -> bytes:
    """The same with steps that have got other ids."""
    xml = catalogue.newest()["vinr_adult"].xml.decode()
    for was, now in renamed.items():
        xml = xml.replace(f'"{was}"', f'"{now}"').replace(f">{was}<", f">{now}<")
    return xml.encode()


def changed_table() -> bytes:
    """The decision table that ships as its owner has changed it: a possible journey is stopped whatever the risk."""
    was, now = b'<text>"investigate"</text></outputEntry>', b'<text>"stop_travel"</text></outputEntry>'
    return catalogue.tables()["travel_protection", 1].xml.replace(was, now, 1)


def dmn(*rows: tuple[str, ...], inputs: tuple[tuple[str, str, str], ...], policy: str = "UNIQUE", key: str = "small") -> bytes:
    """A decision table with one answer, `way`: a or b. `inputs`: (name, kind, its values)."""
    asked = "".join(
        f'<input label="{name}"><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>'
        f"<inputValues><text>{values}</text></inputValues></input>"
        for name, kind, values in inputs
    )
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>' for cell in row[:-1])}"
        f"<outputEntry><text>{row[-1]}</text></outputEntry></rule>"
        for row in rows
    )
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="{key}" name="Liten tabell">'
        f'<decisionTable hitPolicy="{policy}">{asked}<output name="way" label="Väg" typeRef="string">'
        f'<outputValues><text>"a","b"</text></outputValues></output>{rules}</decisionTable></decision></definitions>'
    ).encode()
