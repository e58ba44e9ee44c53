"""What is done when something happens to a case: a branch of the diagram that begins by an event, beside all else."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.conformance import Conformance, Deviation, Kind
from fridhem.foundation.processes.faults import BadProcess
from fridhem.foundation.processes.history import Diverged, Event, Happened, replayed
from fridhem.foundation.processes.reading import read_process
from tests.factories.processes import ROLES, branch, branched, chain, clock, file, flow, node, process, task

AT = dt.datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Stockholm"))  # a Monday
DANGER = Event(Happened.RAISED, AT, event="danger")
BEGAN = Event(Happened.STARTED, AT)


def done(step: str, **answers) -> Event:
    return Event(Happened.DONE, AT, step, answers)


def read(data: bytes):
    return read_process(data, roles=ROLES)


def names(definition, state) -> list[str]:
    return [found.node.id for found in engine.open_tasks(definition, state)]


# ── In the engine ─────────────────────────────────────────────────────────


def test_an_event_begins_its_branch_beside_what_is_open():
    definition = read(branched("first", "second", beside="protect"))

    state = engine.raise_event(definition, engine.start(definition, at=AT), "danger", at=AT)

    assert names(definition, state) == ["first", "protect"]
    assert [found.node.role for found in engine.open_tasks(definition, state)] == ["caseworker", "caseworker"]
    assert names(definition, replayed(definition, [BEGAN, DANGER, done("protect")])) == ["first"]
    assert names(definition, replayed(definition, [BEGAN, DANGER, done("first")])) == ["second", "protect"]


def test_the_same_event_twice_begins_one_branch_and_once_it_is_done_another():
    definition = read(branched("first", beside="protect"))
    state = replayed(definition, [BEGAN, DANGER])

    assert not engine.awaits(definition, state, "danger")
    with pytest.raises(engine.NotAwaited):
        engine.raise_event(definition, state, "danger", at=AT)
    again = replayed(definition, [BEGAN, DANGER, done("protect"), DANGER])

    assert names(definition, again) == ["first", "protect"]
    assert engine.done_nodes(definition, again) == {"start", "branch_start"}


@pytest.mark.parametrize("event", ["danger", "other"])
def test_an_event_that_no_branch_begins_by_is_not_awaited(event):
    definition = read(chain("first") if event == "danger" else branched("first", beside="protect"))
    state = engine.start(definition, at=AT)

    assert not engine.awaits(definition, state, event)
    with pytest.raises(engine.NotAwaited):
        engine.raise_event(definition, state, event, at=AT)


def test_a_process_ends_when_its_branch_has_ended_too():
    definition = read(branched("first", beside="protect"))

    state = replayed(definition, [BEGAN, DANGER, done("first")])
    assert (engine.is_finished(definition, state), engine.awaits(definition, state, "danger")) == (False, False)
    state = replayed(definition, [BEGAN, DANGER, done("first"), done("protect")])

    assert engine.is_finished(definition, state)
    assert not engine.awaits(definition, state, "danger")
    assert engine.done_nodes(definition, state) == set(definition.nodes)


def test_an_end_of_everything_ends_the_branch():
    data = branched("first", beside="protect").replace(
        b'<bpmn:endEvent id="end" >', b'<bpmn:endEvent id="end"><bpmn:terminateEventDefinition/>'
    )
    definition = read(data)

    state = replayed(definition, [BEGAN, DANGER, done("first")])

    assert (names(definition, state), engine.is_finished(definition, state)) == ([], True)
    assert "branch" not in engine.done_nodes(definition, state)
    followed = Conformance(definition).deviations(["first", "protect"], is_closed=True)
    assert followed == [Deviation(Kind.UNEXPECTED, "protect", 1)]


def test_a_branch_has_time_limits_of_its_own():
    on_protect = clock("protect", "PT24H")
    data = branched("first", beside="protect", extra=clock("first", "P7D"), drawn=("first_clock", "protect_clock"))
    definition = read(
        data.replace(b'<bpmn:startEvent id="branch_start"', on_protect.encode() + b'<bpmn:startEvent id="branch_start"')
    )
    state = engine.start(definition, at=AT)

    state = engine.raise_event(definition, state, "danger", at=AT + dt.timedelta(days=1))
    assert [found.due for found in engine.open_tasks(definition, state)] == [dt.date(2026, 11, 9), dt.date(2026, 11, 4)]
    assert engine.next_timer(definition, state) == dt.date(2026, 11, 4)
    state = engine.postpone(definition, state, "protect", dt.date(2026, 11, 6))

    assert [one.clock.last_day for one in engine.clocks(definition, state)] == [dt.date(2026, 11, 9), dt.date(2026, 11, 6)]


def test_a_branch_knows_what_has_been_answered():
    choice = [
        node("startEvent", "b_start", '<bpmn:messageEventDefinition messageRef="m"/>', isInterrupting="false"),
        node("exclusiveGateway", "which", default="which_to_adult"), task("adult"), task("child"), node("endEvent", "b_end"),
        flow("b_start", "which"), flow("which", "adult"), flow("which", "child", 'who == "child"'), flow("adult", "b_end"),
        flow("child", "b_end"),
    ]  # fmt: skip
    beside = node("subProcess", "beside", "".join(choice), triggeredByEvent="true")
    parts = [node("startEvent", "start"), task("first"), task("second"), node("endEvent", "end"), beside]
    arrows = [flow("start", "first"), flow("first", "second"), flow("second", "end")]
    drawn = ["start", "first", "second", "end", "beside", "b_start", "which", "adult", "child", "b_end"]
    main = process(*parts, *arrows, lanes={"Handläggare": ["first", "second", "beside"]})
    definition = read(file(main, node("message", "m", name="danger"), drawn=drawn))

    state = replayed(definition, [BEGAN, done("first", who="child"), DANGER])

    assert names(definition, state) == ["second", "child"]


def test_an_unfinished_branch_keeps_a_case_from_a_version_without_it():
    with pytest.raises(Diverged) as diverged:
        replayed(read(chain("first")), [BEGAN, DANGER])

    assert diverged.value.event == DANGER


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["first", "second", "protect", "danger"]), max_size=9))
def test_whatever_happens_the_process_is_made_anew_and_was_followed(happenings):
    definition = read(branched("first", "second", beside="protect"))
    state, events, did = engine.start(definition, at=AT), [BEGAN], []

    for what in happenings:
        if what == "danger" and engine.awaits(definition, state, what):
            state = engine.raise_event(definition, state, what, at=AT)
            events.append(DANGER)
        elif what in names(definition, state):
            found = next(found.id for found in engine.open_tasks(definition, state) if found.node.id == what)
            state = engine.complete(definition, state, found, {}, at=AT)
            events.append(done(what))
            did.append(what)

    again = replayed(definition, events)
    assert names(definition, again) == names(definition, state)
    assert engine.done_nodes(definition, again) == engine.done_nodes(definition, state)
    is_finished = engine.is_finished(definition, state)
    assert Conformance(definition).deviations(did, is_closed=is_finished) == []


# ── In the drawing ────────────────────────────────────────────────────────


def beside(other: str, root: str = node("message", "danger", name="danger"), drawn: tuple[str, ...] = ()) -> bytes:
    parts = [node("startEvent", "start"), task("first"), node("endEvent", "end"), flow("start", "first"), flow("first", "end")]
    ids = ["start", "first", "end", "branch", "branch_start", "protect", "branch_end", *drawn]
    return file(process(*parts, other, lanes={"Handläggare": ["first", "branch"]}), root, drawn=ids)


TWICE = branch("protect") + branch("more", id="twice")
LOOPING = branch("protect").replace('targetRef="branch_end"', 'targetRef="protect"')


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (beside(branch("protect"), root=""), "säger inte vad den börjar med"),
        (beside(branch("protect", interrupts=True)), "skulle avbryta allt annat i ärendet"),
        (beside(branch()), "leder ingenstans"),
        (beside(branch("protect") + flow("first", "branch")), "leder till eller från en gren"),
        (beside(TWICE, drawn=("more", "twice", "twice_start", "twice_end")), "Flera grenar börjar med ”danger”"),
        (beside(branch("protect", inside=task("lost")), drawn=("lost",)), "nås aldrig"),
        (beside(LOOPING), "återvändsgränd"),
    ],
)
def test_a_branch_that_can_not_be_followed_is_told(data, fault):
    with pytest.raises(BadProcess, match=fault):
        read(data)


def test_a_branch_in_a_called_process_is_told():
    inner = process(
        node("startEvent", "in"), task("inner"), node("endEvent", "out"), flow("in", "inner"), flow("inner", "out"),
        branch("protect"), id="called", lanes={"Handläggare": ["inner", "branch"]},
    )  # fmt: skip
    main = process(
        node("startEvent", "start"), node("callActivity", "call", calledElement="called"), node("endEvent", "end"),
        flow("start", "call"), flow("call", "end"),
    )  # fmt: skip
    ids = ["start", "call", "end", "in", "inner", "out", "branch", "branch_start", "protect", "branch_end"]

    with pytest.raises(BadProcess, match="huvudprocessen"):
        read(file(main, inner, node("message", "danger", name="danger"), drawn=ids))


@pytest.mark.parametrize("inside", [node("callActivity", "again", calledElement="called"), ""])
def test_a_process_that_a_branch_calls_is_called_from_nowhere_else(inside):
    """One step would be open in two places, and what is done in one of them be lived again in the other."""
    called = process(
        node("startEvent", "in"), task("inner"), node("endEvent", "out"), flow("in", "inner"), flow("inner", "out"),
        id="called", lanes={"Handläggare": ["inner"]},
    )  # fmt: skip
    drawn = branch("protect")
    if inside:
        drawn = drawn.replace(flow("protect", "branch_end"), inside + flow("protect", "again") + flow("again", "branch_end"))
    main = process(
        node("startEvent", "start"), node("callActivity", "call", calledElement="called"), node("endEvent", "end"),
        flow("start", "call"), flow("call", "end"), drawn, lanes={"Handläggare": ["branch"]},
    )  # fmt: skip
    ids = ["start", "call", "end", "in", "inner", "out", "branch", "branch_start", "protect", "branch_end", "again"]
    data = file(main, called, node("message", "danger", name="danger"), drawn=ids)

    if not inside:
        assert read(data).branches
        return
    with pytest.raises(BadProcess, match="”called” anropas både i ”Branch”"):
        read(data)
