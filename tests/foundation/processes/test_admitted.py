"""What is admitted beyond the plainest of BPMN runs, is lived again from its history, and is drawn."""

import datetime as dt

import pytest

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.history import Happened, replayed
from fridhem.foundation.processes.pictures import drawn, passed_over
from fridhem.foundation.processes.reading import read_process
from fridhem.foundation.processes.writing import written
from fridhem.rooms.processes import catalogue
from tests.factories.processes import ROLES, chain, clock, file, flow, node, process, task
from tests.foundation.processes.test_history import Lived, standing


def read(*parts: str, drawn: str, lane: str = "Handläggare", steps: str = ""):
    """A process of `parts`, whose elements are named in `drawn`."""
    return read_process(file(process(*parts, lanes={lane: (steps or drawn).split()}), drawn=drawn.split()), roles=ROLES)


def open_now(case: Lived) -> list[str]:
    """What is open, when the case lived again from its events stands where it stands, and can be drawn."""
    assert standing(case.definition, replayed(case.definition, case.events)) == standing(case.definition, case.state)
    found = [task.node.id for task in engine.open_tasks(case.definition, case.state)]
    assert "<svg" in drawn(case.definition, current=found).svg
    return found


def do(case: Lived, *steps: str, **answers) -> list[str]:
    for step in steps:
        case.happen(Happened.DONE, step, answers=answers)
    return open_now(case)


def wait(case: Lived, days: int) -> list[str]:
    case.at += dt.timedelta(days=days)
    case.happen(Happened.TIME_PASSED)
    return open_now(case)


def is_finished(case: Lived) -> bool:
    return engine.is_finished(case.definition, case.state)


TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>"


def sub(id: str, *parts: str) -> str:
    return node("subProcess", id, "".join(parts), name=id)


def between(first: str, *others: str) -> str:
    """Arrows from one to the next."""
    return "".join(flow(a, b) for a, b in zip((first, *others), others, strict=False))


# ── Steps and arrows ──────────────────────────────────────────────────────


def test_a_task_without_a_kind_is_a_step_that_a_person_does():
    definition = read(
        node("startEvent", "start"), node("task", "talk", name="Talk"), node("endEvent", "end"), between("start", "talk", "end"),
        drawn="start talk end",
    )  # fmt: skip
    case = Lived(definition)

    assert (definition.nodes["talk"].kind, definition.nodes["talk"].role) == ("manualTask", "caseworker")
    assert open_now(case) == ["talk"]
    assert (do(case, "talk"), is_finished(case)) == ([], True)


def test_every_arrow_out_of_a_step_is_followed():
    definition = read(
        node("startEvent", "start"), task("first"), task("left"), task("right"), node("endEvent", "end"),
        flow("start", "first"), flow("first", "left"), flow("first", "right"), flow("left", "end"), flow("right", "end"),
        drawn="start first left right end",
    )  # fmt: skip
    case = Lived(definition)

    assert do(case, "first") == ["left", "right"]
    assert (do(case, "right"), is_finished(case)) == (["left"], False)
    assert (do(case, "left"), is_finished(case)) == ([], True)
    assert engine.done_nodes(definition, case.state) == set(definition.nodes)


def test_a_case_begins_when_it_is_opened_whatever_the_message_was():
    start = node("startEvent", "start", '<bpmn:messageEventDefinition id="m"/>')
    definition = read(start, task("talk"), node("endEvent", "end"), between("start", "talk", "end"), drawn="start talk end")

    assert open_now(Lived(definition)) == ["talk"]


# ── Ends ──────────────────────────────────────────────────────────────────


def stopping(end: str) -> list[str]:
    return [
        node("startEvent", "start"), node("parallelGateway", "split"), task("left"), task("right"), node("endEvent", "end"),
        node("endEvent", "stop", end), flow("start", "split"), flow("split", "left"), flow("split", "right"),
        flow("left", "end"), flow("right", "stop"),
    ]  # fmt: skip


@pytest.mark.parametrize(("end", "left"), [("", ["left"]), ("<bpmn:terminateEventDefinition/>", [])])
def test_an_end_that_ends_everything_leaves_nothing_open(end, left):
    case = Lived(read(*stopping(end), drawn="start split left right end stop"))

    assert do(case, "right") == left
    assert is_finished(case) == (not left)
    assert wait(case, 400) == left


def test_an_end_that_ends_everything_in_a_subprocess_ends_that_only():
    inner = sub("inner", *stopping("<bpmn:terminateEventDefinition/>")).replace('"start"', '"in"').replace("_start", "_in")
    definition = read(
        node("startEvent", "start"), inner, task("after"), node("endEvent", "done"), between("start", "inner", "after", "done"),
        drawn="start inner after done in split left right end stop", steps="inner after",
    )  # fmt: skip
    case = Lived(definition)

    assert open_now(case) == ["left", "right"]
    assert (do(case, "right"), is_finished(case)) == (["after"], False)
    assert (do(case, "after"), is_finished(case)) == ([], True)


# ── Subprocesses ──────────────────────────────────────────────────────────


def divided():
    deepest = sub(
        "deepest", node("startEvent", "in2"), task("second"), node("endEvent", "out2"), between("in2", "second", "out2")
    )
    inner = sub(
        "inner", node("startEvent", "in1"), task("first"), deepest, node("endEvent", "out1"),
        between("in1", "first", "deepest", "out1"), clock("first", "P7D"),
    )  # fmt: skip
    choice = node("exclusiveGateway", "which", default="which_to_no")
    return read(
        node("startEvent", "start"), inner, choice, task("yes"), task("no"), task("late"), node("endEvent", "end"),
        node("endEvent", "stop"), between("start", "inner", "which"), flow("which", "yes", "found == 'yes'"), flow("which", "no"),
        flow("yes", "end"), flow("no", "end"), clock("inner", "P1M", interrupts=True), between("inner_clock", "late", "stop"),
        drawn="start inner which yes no late end stop in1 first first_clock deepest out1 in2 second out2 inner_clock",
        steps="inner yes no late",
    )  # fmt: skip


def test_a_subprocess_is_gone_through_and_its_answers_come_out():
    definition = divided()
    case = Lived(definition)

    assert [definition.nodes[id].role for id in ("first", "second")] == ["caseworker", "caseworker"]
    assert open_now(case) == ["first"]
    assert do(case, "first") == ["second"]
    assert do(case, "second", found="yes") == ["yes"]
    assert (do(case, "yes"), is_finished(case)) == ([], True)
    assert {"inner", "deepest", "first", "second"} <= engine.done_nodes(definition, case.state)


def test_a_time_limit_on_a_subprocess_spans_its_steps_and_breaks_it_off():
    case = Lived(divided())

    assert [(one.node.id, one.clock.last_day) for one in engine.clocks(case.definition, case.state)] == [
        ("inner", dt.date(2026, 12, 2)), ("first", dt.date(2026, 11, 9)),
    ]  # fmt: skip
    do(case, "first")
    assert standing(case.definition, case.state)["open"] == [("second", dt.date(2026, 12, 2))]
    assert wait(case, 40) == ["late"]
    assert (do(case, "late"), is_finished(case)) == ([], True)


# ── A timer between two steps ─────────────────────────────────────────────


def resting():
    rest = node("intermediateCatchEvent", "rest", TIMER.format("P14D"), name="Two weeks")
    return read(
        node("startEvent", "start"), task("first"), rest, task("second"), node("endEvent", "end"),
        between("start", "first", "rest", "second", "end"), drawn="start first rest second end",
    )  # fmt: skip


def test_a_timer_between_two_steps_lets_its_days_pass():
    case = Lived(resting())

    assert do(case, "first") == []
    assert not is_finished(case)
    assert engine.next_timer(case.definition, case.state) == dt.date(2026, 11, 16)
    assert [(one.node.id, one.clock.last_day) for one in engine.clocks(case.definition, case.state)] == [
        ("rest", dt.date(2026, 11, 16))
    ]
    assert wait(case, 14) == []
    assert wait(case, 1) == ["second"]
    assert (do(case, "second"), is_finished(case)) == ([], True)


def test_a_timer_between_two_steps_is_postponed_and_stands_still():
    case = Lived(resting())
    do(case, "first")

    case.happen(Happened.POSTPONED, "rest", until=dt.date(2026, 12, 1))
    assert wait(case, 20) == []
    case.happen(Happened.PAUSED, "rest")
    assert wait(case, 100) == []
    case.happen(Happened.RESUMED, "rest", days=100)
    assert wait(case, 200) == ["second"]


# ── What is passed over ───────────────────────────────────────────────────


def test_what_only_describes_is_passed_over_and_counted():
    extra = (
        '<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/><bpmn:group id="g"/>'
        '<bpmn:textAnnotation id="t"><bpmn:text>Obs</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="a" sourceRef="talk" targetRef="t"/><bpmn:ioSpecification id="i"/>'
    )
    root = '<bpmn:message id="m"/><bpmn:dataStore id="s"/><bpmn:signal id="x"/><bpmn:itemDefinition id="y"/>'
    data = chain("talk", extra=extra).replace(b"<bpmn:process", root.encode() + b"<bpmn:process", 1)
    definition = read_process(data, roles=ROLES)

    assert passed_over(definition).count("(1)") == len(definition.passed_over) == 6
    assert open_now(Lived(definition)) == ["talk"]


def test_nothing_that_was_passed_over_reaches_the_engine():
    inside = "<bpmn:extensionElements><x:run xmlns:x='urn:x'>os.system</x:run></bpmn:extensionElements>"
    data = chain("talk", extra='<bpmn:dataObject id="d"/>').replace(b'camunda:formKey="plain">', f">{inside}".encode())
    definition = read_process(data, roles=ROLES)

    kinds = {element.tag.partition("}")[2] for element in written(definition).iter()}
    assert b"os.system" in definition.xml
    assert kinds == {"definitions", "process", "startEvent", "userTask", "endEvent", "sequenceFlow"}


def two_pools(first: str, second: str) -> bytes:
    def pool(id: str, lane: str) -> str:
        parts = [node("startEvent", f"{id}_in"), task(f"{id}_do"), node("endEvent", f"{id}_out")]
        return process(*parts, between(f"{id}_in", f"{id}_do", f"{id}_out"), id=id, lanes={lane: [f"{id}_do"]})

    drawn = [f"{id}_{part}" for id in ("one", "two") for part in ("in", "do", "out")]
    data = file(pool("one", first), pool("two", second), drawn=drawn).decode()
    pools = '<bpmn:collaboration id="c">' + "".join(
        node("participant", f"pool_{id}", **({"processRef": id} if id != "other" else {})) for id in ("one", "two", "other")
    )
    flows = '<bpmn:messageFlow id="f" sourceRef="one_do" targetRef="two_do"/></bpmn:collaboration>'
    return data.replace("<bpmn:process", pools + flows + "<bpmn:process", 1).encode()


@pytest.mark.parametrize(
    ("lanes", "ours"), [(("Polisen", "Handläggare"), "two"), (("Handläggare", "Polisen"), "one"), (("Polisen", "Region"), "one")]
)
def test_the_pool_with_our_roles_is_run_and_the_others_are_passed_over(lanes, ours):
    definition = read_process(two_pools(*lanes), roles=ROLES)

    assert (definition.key, len(definition.processes)) == (ours, 1)
    assert definition.passed_over == {"messageFlow": 1, "participant": 2}
    assert set(definition.drawing.boxes) == {f"{ours}_in", f"{ours}_do", f"{ours}_out"}
    assert open_now(Lived(definition)) == [f"{ours}_do"]


def test_what_is_wrong_in_another_pool_is_none_of_our_business():
    data = two_pools("Handläggare", "Polisen").replace(
        b'<bpmn:startEvent id="two_in" >', b'<bpmn:scriptTask id="x"/><bpmn:startEvent id="two_in">'
    )

    assert b"scriptTask" in data
    assert read_process(data, roles=ROLES).key == "one"


def test_a_file_in_the_encoding_that_it_declares_is_read():
    text = chain("talk").decode().replace('name="Talk"', 'name="Tala med sökanden"').replace("UTF-8", "ISO-8859-1")
    definition = read_process(text.encode("iso-8859-1"), roles=ROLES)

    assert (definition.nodes["talk"].name, definition.nodes["talk"].lane) == ("Tala med sökanden", "Handläggare")
    assert open_now(Lived(definition)) == ["talk"]


def test_the_drawings_of_one_file_stand_below_each_other():
    called = process(
        node("startEvent", "in"), task("inner"), node("endEvent", "out"), between("in", "inner", "out"),
        id="called", lanes={"Handläggare": ["inner"]},
    )  # fmt: skip
    main = process(
        node("startEvent", "start"), node("callActivity", "call", calledElement="called"), node("endEvent", "end"),
        between("start", "call", "end"),
    )  # fmt: skip
    data = file(main, called, drawn=["start", "call", "end"]).decode()
    other = file("", drawn=["in", "inner", "out"]).decode()
    second = other[other.index("<bpmndi:BPMNDiagram") : other.index("</bpmn:definitions>")]
    definition = read_process(data.replace("</bpmn:definitions>", second + "</bpmn:definitions>").encode(), roles=ROLES)

    boxes = definition.drawing.boxes
    assert (boxes["start"].y, boxes["in"].y) == (80, 200)


# ── What ships is written as it was read ──────────────────────────────────


@pytest.mark.parametrize("key", sorted({key for key, _version in catalogue.shipped()}))
def test_what_the_engine_gets_has_every_element_of_what_ships(key):
    definition = catalogue.shipped()[key, 1]

    ids = {element.get("id") for element in written(definition).iter() if element.get("id")}
    flows = {one.id for each in definition.processes for one in each.flows}
    assert ids == {*definition.nodes, *flows, *(each.id for each in definition.processes)}
