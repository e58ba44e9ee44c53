"""A process file is read strictly, and every fault is told in words its owner can act on."""

import pytest
from django.utils import translation

from fridhem.foundation.processes.faults import BadProcess
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.deadlines.span import Span
from tests.factories.processes import HEAD, ROLES, chain, clock, drawing, file, flow, node, process, task


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def faults(data: bytes, **given) -> tuple[str, ...]:
    with pytest.raises(BadProcess) as refused:
        read_process(data, **{"roles": ROLES, **given})
    return refused.value.faults


def test_a_process_is_read_as_data():
    definition = read_process(chain("talk", extra=clock("talk", "P14D"), drawn=("talk_clock",)), roles=ROLES)

    talk = definition.nodes["talk"]
    assert (definition.key, definition.version) == ("test", 1)
    assert (talk.kind, talk.name, talk.lane, talk.role, talk.form) == ("userTask", "Talk", "Handläggare", "caseworker", "plain")
    assert definition.nodes["talk_clock"].span == Span(days=14)
    assert list(definition.nodes) == ["start", "talk", "end", "talk_clock"]


def test_a_file_that_is_not_xml_is_refused():
    assert "isn't whole XML" in faults(b"<bpmn:definitions")[0]


def test_another_kind_of_xml_is_refused():
    assert faults(b"<html/>") == ("The file isn't BPMN 2.0: its outermost element must be “definitions” of that standard.",)


def test_text_in_another_encoding_is_refused():
    assert "UTF-8" in faults(chain("talk").decode().encode("utf-16"))[0]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-7"])
def test_an_entity_bomb_is_refused_before_it_goes_off(encoding):
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY a0 "ha">{bomb}]><d>&a11;</d>'

    assert faults(text.encode()) == ("The file declares a document type or entities: remove them.",)


def test_an_outside_entity_is_never_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hemligt")
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><d>&x;</d>'

    assert faults(text.encode()) == ("The file declares a document type or entities: remove them.",)


def test_a_huge_file_is_refused_unread():
    assert "larger than 1000 kB" in faults(b"<" + b"x" * 1_000_001)[0]


@pytest.mark.timeout(60)
def test_ten_thousand_elements_are_refused_within_a_moment():
    ids = [f"t{n}" for n in range(10_000)]
    small = file(process("".join(f'<bpmn:sendTask id="{id}"/>' for id in ids)), drawn=[])
    tasks = file(process("".join(f'<bpmn:userTask id="{id}"/>' for id in ids)), drawn=[])

    assert "can't be run" in faults(small)[0]
    assert "10000 elements; at most 200" in faults(tasks)[0]


def test_the_longest_process_that_is_accepted_is_read_and_run():
    from datetime import UTC, datetime

    from fridhem.foundation.processes import engine

    tasks = [f"t{n}" for n in range(198)]
    definition = read_process(chain(*tasks), roles=ROLES)

    state = engine.start(definition, at=datetime(2026, 11, 2, tzinfo=UTC))
    assert [found.node.id for found in engine.open_tasks(definition, state)] == ["t0"]


def test_a_script_task_is_refused_by_name():
    data = chain("talk", extra='<bpmn:scriptTask id="evil" name="Räkna"><bpmn:script>1</bpmn:script></bpmn:scriptTask>')

    assert faults(data)[0] == "“Räkna” (scriptTask, row 2) would run code: only registered steps may run. Make it a service task."


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("sendTask", "would send something by itself"),
        ("receiveTask", "waits for a message from another system"),
        ("inclusiveGateway", "may take any number of ways"),
        ("complexGateway", "chooses by rules of its own"),
        ("eventBasedGateway", "waits for what happens first"),
        ("intermediateThrowEvent", "would send something by itself"),
        ("transaction", "can't be undone"),
        ("adHocSubProcess", "steps have no order"),
    ],
)
def test_an_element_that_is_not_run_is_refused_by_name_with_its_reason(kind, why):
    fault = faults(chain("talk", extra=f'<bpmn:{kind} id="x" name="Något"/>'))[0]

    assert fault.startswith(f"“Något” ({kind}, row 2) can't be run: ")
    assert why in fault


def test_an_element_that_nobody_knows_is_refused_by_name():
    assert faults(chain("talk", extra='<bpmn:choreographyTask id="x" name="Något"/>')) == (
        "“Något” (choreographyTask, row 2) isn't supported: redraw it with tasks, gateways, timers and call activities.",
    )


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (node("endEvent", "x", "<bpmn:messageEventDefinition/>"), "waits for a message from another system, or sends one"),
        (node("endEvent", "x", "<bpmn:compensateEventDefinition/>"), "can't be undone"),
        (node("endEvent", "x", "<bpmn:errorEventDefinition/>"), "an error isn't a way on"),
        (node("startEvent", "x", "<bpmn:timerEventDefinition/>"), "a case begins when a person opens it"),
        (node("intermediateCatchEvent", "x", "<bpmn:signalEventDefinition/>"), "a case knows only itself"),
        (
            node("boundaryEvent", "x", "<bpmn:conditionalEventDefinition/>", attachedToRef="talk"),
            "a condition is asked at a gateway",
        ),
        (node("intermediateCatchEvent", "x", "<bpmn:terminateEventDefinition/>"), "only an end ends everything"),
        (task("x", inside="<bpmn:multiInstanceLoopCharacteristics/>"), "would be done several times"),
        (task("x", inside="<bpmn:standardLoopCharacteristics/>"), "would be done several times"),
        (node("task", "x", isForCompensation="true"), "can't be undone"),
        (node("task", "x", startQuantity="2"), "waits for several arrivals"),
        (node("subProcess", "x", triggeredByEvent="true"), "doesn't say what it begins by"),
    ],
)
def test_an_event_or_a_mark_that_is_not_run_is_told_with_its_place(extra, why):
    (fault,) = faults(chain("talk", extra=extra))

    assert fault.startswith(("“x” (", "“X” (")) and "row 2" in fault and why in fault, fault


def test_a_subprocess_with_nothing_in_it_is_told():
    assert "“empty” has 0 start events: draw exactly one." in faults(chain("talk", extra=node("subProcess", "empty")))


def test_a_subprocess_is_not_called_from_elsewhere():
    inner = node("subProcess", "inner", node("startEvent", "in") + node("endEvent", "out") + flow("in", "out"))
    extra = inner + node("callActivity", "ring", calledElement="inner")

    assert any("calls “inner”, which isn't a process" in fault for fault in faults(chain("talk", extra=extra)))


def test_an_unknown_vocabulary_is_refused_outside_extensions():
    assert "unknown vocabulary" in faults(chain("talk", extra='<x:y xmlns:x="urn:x" id="z"/>'))[0]


def test_extensions_are_passed_over_but_for_properties():
    inside = (
        '<bpmn:extensionElements><x:listener xmlns:x="urn:x" class="os.system"/><camunda:properties>'
        '<camunda:property name="ground" value="crime_victims"/></camunda:properties></bpmn:extensionElements>'
    )
    parts = [node("startEvent", "start"), task("talk", inside=inside), node("endEvent", "end")]
    flows = [flow("start", "talk"), flow("talk", "end")]
    lanes = {"Handläggare": ["talk"]}

    definition = read_process(file(process(*parts, *flows, lanes=lanes), drawn=["start", "talk", "end"]), roles=ROLES)

    assert definition.nodes["talk"].properties == {"ground": "crime_victims"}


def two_ways(condition: str, default: str = "ask_to_no") -> bytes:
    parts = [
        node("startEvent", "start"),
        node("exclusiveGateway", "ask", default=default),
        task("yes"),
        task("no"),
        node("endEvent", "end"),
        flow("start", "ask"),
        flow("ask", "yes", condition),
        flow("ask", "no"),
        flow("yes", "end"),
        flow("no", "end"),
    ]
    return file(process(*parts, lanes={"Handläggare": ["yes", "no"]}), drawn=["start", "ask", "yes", "no", "end"])


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('true')",
        "9**9**9",
        "answer.__class__",
        "open('/etc/passwd')",
        "[x for x in (1, 2)]",
        "lambda: 1",
        "answers['x']",
        "(" * 150,
        "x" * 201,
        "b'1' == 1",
    ],
)
def test_a_condition_that_could_do_anything_is_refused(condition):
    escaped = condition.replace("&", "&amp;").replace("<", "&lt;")

    assert "The condition on the arrow “ask_to_yes” isn't allowed" in faults(two_ways(escaped))[0]


def test_a_process_knows_which_answers_steer_it():
    definition = read_process(two_ways("age_group == 'child' and risk in ('high',)"), roles=ROLES)

    assert definition.steering == {"age_group", "risk"}


def test_a_choice_needs_a_default_and_conditions():
    assert "has no default arrow" in faults(two_ways("x == 1", default=""))[0]
    assert "“ask_to_yes” out of “ask” (gateway that chooses) has no condition" in faults(two_ways(""))[0]


@pytest.mark.parametrize(
    ("extra", "fault"),
    [
        (flow("talk", "nowhere"), "doesn't join two elements"),
        (task("alone"), "“Alone” (person's task) is never reached: draw an arrow to it, or remove it."),
        (node("startEvent", "second") + flow("second", "end"), "“test” has 2 start events: draw exactly one."),
        (node("boundaryEvent", "b", attachedToRef="talk"), "isn't a timer with a duration"),
        (clock("talk", "PT5M"), "has no time that can be read"),
        (clock("end", "P1D"), "doesn't sit on a person's task"),
        (clock("talk", "P1D", interrupts=True), "is a dead end: draw an arrow onwards to an end."),
        (task("talk"), "The id “talk” is used twice: give each element its own."),
        (node("serviceTask", "ring", **{"camunda:topic": "x.y"}), "asks for the step “x.y”, which the house doesn't know"),
        (node("callActivity", "ring", calledElement="elsewhere"), "calls “elsewhere”, which isn't a process in the same file."),
        (node("callActivity", "ring", calledElement="test"), "“test” calls itself: it would never stop."),
    ],
)
def test_what_can_not_be_followed_is_told(extra, fault):
    found = faults(chain("talk", extra=extra, drawn=("alone", "second", "b", "talk_clock", "ring")))

    assert any(fault in one for one in found), found


def test_a_loop_without_a_person_is_told():
    parts = [
        node("startEvent", "start"), node("parallelGateway", "a"), node("parallelGateway", "b"), node("endEvent", "end"),
        flow("start", "a"), flow("a", "b"), flow("b", "a"), flow("b", "end"),
    ]  # fmt: skip

    assert "lies in a loop without a person's task" in faults(file(process(*parts), drawn=["start", "a", "b", "end"]))[0]


def test_a_task_needs_a_name():
    parts = [node("startEvent", "start"), node("userTask", "talk"), node("endEvent", "end")]
    flows = [flow("start", "talk"), flow("talk", "end")]

    found = faults(file(process(*parts, *flows), drawn=["start", "talk", "end"]))
    assert found == ("“talk” (person's task) has no name: say what is to be done.",)


def test_a_lane_that_names_no_role_gives_nobody_the_work():
    lanes = {"Rektor": ["talk"]}
    parts = [node("startEvent", "start"), task("talk"), node("endEvent", "end"), flow("start", "talk"), flow("talk", "end")]

    definition = read_process(file(process(*parts, lanes=lanes), drawn=["start", "talk", "end"]), roles=ROLES)
    assert (definition.nodes["talk"].lane, definition.nodes["talk"].role) == ("Rektor", "")


def test_what_is_not_drawn_is_told():
    data = file(process(node("startEvent", "start"), node("endEvent", "end"), flow("start", "end")), drawn=["start"])

    assert faults(data) == ("“end” (end) isn't drawn: save the diagram together with the process.",)


def test_a_drawing_with_a_place_that_is_no_number_is_told():
    data = chain("talk").replace(b'x="100"', b'x="1e999"')

    assert "has a place that isn't a number" in faults(data)[0]


def test_a_file_without_a_process_is_told():
    data = f"{HEAD}{drawing([])}</bpmn:definitions>".encode()

    assert faults(data) == ("It has no process: draw at least a start, a task and an end.",)


def test_a_version_that_is_no_number_is_told():
    data = chain("talk").replace(b'<bpmn:process id="test"', b'<bpmn:process camunda:versionTag="v2" id="test"')

    assert faults(data) == ("The version “v2” isn't a whole number.",)


def test_a_version_of_five_thousand_digits_is_told_too():
    tag = "1" * 5_000
    data = chain("talk").replace(b'<bpmn:process id="test"', f'<bpmn:process camunda:versionTag="{tag}" id="test"'.encode())

    assert faults(data) == (f"The version “{tag[:80]}” isn't a whole number.",)


def test_faults_are_not_endless():
    data = chain("talk", extra="".join(f'<bpmn:sendTask id="x{n}"/>' for n in range(100)))

    assert len(faults(data)) == 30
