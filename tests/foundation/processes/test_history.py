"""A process can be made anew from what has happened to it, on its own version or on another."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.foundation.processes import engine, registry
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.history import Diverged, Event, Happened, replayed
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.decisions import deciding
from fridhem.rooms.processes import catalogue
from tests.factories.processes import ROLES, chain, clock, file, flow, node, process, task

AT = dt.datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Stockholm"))  # a Monday
BEGAN = Event(Happened.STARTED, AT)


def standing(definition, state) -> dict:
    """All that can be known of where a process stands; the engine's own ids are drawn anew."""
    return {
        "open": sorted((found.node.id, found.due) for found in engine.open_tasks(definition, state)),
        "done": engine.done_nodes(definition, state),
        "timer": engine.next_timer(definition, state),
        "finished": engine.is_finished(definition, state),
    }


def open_task(definition, state, node: str):
    return next(found.id for found in engine.open_tasks(definition, state) if found.node.id == node)


def done(node: str, days: int = 0, **answers) -> Event:
    return Event(Happened.DONE, AT + dt.timedelta(days=days), node, answers)


def decided(name: str, answers) -> dict:
    """Decision tables are asked as in the house."""
    return dict(deciding.decide(catalogue.tables()[engine.decision(name), 1].table, answers))


class Lived:
    """A case that lives in the engine, and keeps its history beside."""

    def __init__(self, definition) -> None:
        self.definition, self.at = definition, AT
        self.state = engine.start(definition, at=AT, ask=decided)
        self.events = [replace(BEGAN, given=engine.given(self.state))]

    def happen(self, what: Happened, node: str = "", **more) -> None:
        match what:
            case Happened.DONE:
                task = open_task(self.definition, self.state, node)
                self.state = engine.complete(self.definition, self.state, task, more["answers"], at=self.at, ask=decided)
            case Happened.TIME_PASSED:
                self.state = engine.pass_time(self.definition, self.state, at=self.at, ask=decided)
            case Happened.RAISED:
                self.state = engine.raise_event(self.definition, self.state, more["event"], at=self.at, ask=decided)
            case Happened.POSTPONED:
                self.state = engine.postpone(self.definition, self.state, node, more["until"])
            case Happened.PAUSED:
                self.state = engine.pause(self.definition, self.state, node)
            case Happened.RESUMED:
                self.state = engine.resume(self.definition, self.state, node, days=more["days"])
        moves = what in (Happened.DONE, Happened.TIME_PASSED, Happened.RAISED)
        self.events.append(Event(what, self.at, node, given=engine.given(self.state) if moves else (), **more))


@pytest.mark.parametrize("key", sorted(catalogue.newest()))
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_case_lost_at_any_step_is_made_anew_where_it_was(key, data):
    definition = catalogue.newest()[key]
    case, paused = Lived(definition), {}

    for _ in range(data.draw(st.integers(0, 16), label="happenings")):
        case.at += dt.timedelta(days=data.draw(st.integers(0, 40), label="days"))
        case.happen(Happened.TIME_PASSED)
        if engine.awaits(definition, case.state, "danger") and data.draw(st.booleans(), label="danger"):
            case.happen(Happened.RAISED, event="danger")
        found = engine.open_tasks(definition, case.state)
        if not found:
            break
        chosen = data.draw(st.sampled_from(found), label="task").node
        what = data.draw(st.sampled_from(["done", "done", "done", "postponed", "paused"]), label="what")
        if chosen.id in paused and what != "done":
            case.happen(Happened.RESUMED, chosen.id, days=(case.at - paused.pop(chosen.id)).days)
        elif what == "paused":
            case.happen(Happened.PAUSED, chosen.id)
            paused[chosen.id] = case.at
        elif what == "postponed":
            case.happen(Happened.POSTPONED, chosen.id, until=case.at.date() + dt.timedelta(days=30))
        else:
            questions = catalogue.sheets()[chosen.form].questions
            answers = {question.name: data.draw(st.sampled_from(question.codes)) for question in questions}
            case.happen(Happened.DONE, chosen.id, answers=answers)
            paused.pop(chosen.id, None)

        assert standing(definition, replayed(definition, case.events)) == standing(definition, case.state)


def test_what_could_not_have_happened_is_told():
    definition = read_process(chain("first", "second"), roles=ROLES)

    with pytest.raises(Diverged, match="”Second” är inte öppet") as diverged:
        replayed(definition, [BEGAN, done("second")])

    assert diverged.value.event == done("second")


@pytest.mark.parametrize("events", [[], [done("first")], [BEGAN, BEGAN]])
def test_a_history_begins_once(events):
    with pytest.raises(ValueError, match="start"):
        replayed(read_process(chain("first"), roles=ROLES), events)


def test_a_service_step_is_not_asked_again(monkeypatch):
    asked = []
    monkeypatch.setitem(registry._steps, "test.ask", lambda call: asked.append(call) or {"answer": "yes"})
    parts = [
        node("startEvent", "start"), task("first"), node("serviceTask", "ring", **{"camunda:topic": "test.ask"}), task("second"),
        node("endEvent", "end"), flow("start", "first"), flow("first", "ring"), flow("ring", "second"), flow("second", "end"),
    ]  # fmt: skip
    lanes = {"Handläggare": ["first", "ring", "second"]}
    data = file(process(*parts, lanes=lanes), drawn=["start", "first", "ring", "second", "end"])
    definition = read_process(data, roles=ROLES, steps=["test.ask"])
    state = engine.start(definition, at=AT)
    state = engine.complete(definition, state, open_task(definition, state, "first"), {}, at=AT)
    assert (len(asked), engine.given(state)) == (1, [("test.ask", {"answer": "yes"})])

    again = replayed(definition, [BEGAN, Event(Happened.DONE, AT, "first", given=engine.given(state))])

    assert (len(asked), standing(definition, again)) == (1, standing(definition, state))
    with pytest.raises(Diverged, match=r"test\.ask"):
        replayed(definition, [BEGAN, done("first")])


def test_a_case_is_moved_by_its_history_and_keeps_its_days():
    old = read_process(chain("first", "second", extra=clock("second", "P7D"), drawn=("second_clock",)), roles=ROLES)
    new = read_process(chain("first", "third", extra=clock("third", "P14D"), drawn=("third_clock",)), roles=ROLES)
    history = [BEGAN, done("first", 1)]

    assert standing(old, replayed(old, history))["open"] == [("second", dt.date(2026, 11, 10))]
    assert standing(new, replayed(new, history))["open"] == [("third", dt.date(2026, 11, 17))]


def test_a_step_that_was_renamed_is_known_by_its_new_name():
    new = read_process(chain("opening", "second"), roles=ROLES)
    history = [BEGAN, done("first")]

    with pytest.raises(Diverged):
        replayed(new, history)
    moved = [*history, Event(Happened.MOVED, AT, answers={"first": "opening"}), done("second", 3)]

    assert engine.is_finished(new, replayed(new, moved))


def test_a_time_limit_stands_still_and_goes_on():
    definition = read_process(chain("first", extra=clock("first", "P7D"), drawn=("first_clock",)), roles=ROLES)
    case = Lived(definition)

    case.happen(Happened.PAUSED, "first")
    assert engine.open_tasks(definition, case.state)[0].due is None
    before = case.state["engine"]
    case.at += dt.timedelta(days=90)
    case.happen(Happened.TIME_PASSED)
    assert case.state["engine"] == before
    case.happen(Happened.RESUMED, "first", days=90)

    assert engine.open_tasks(definition, case.state)[0].due == dt.date(2027, 2, 8)  # 9 November and 90 days: a Sunday, so Monday


def inquiry(limit: str = "P4M") -> Definition:
    """A called process with a time limit of its own, in which a step has another."""
    called = process(
        node("startEvent", "in_start"), task("inner"), task("second"), node("endEvent", "in_end"), flow("in_start", "inner"),
        flow("inner", "second"), flow("second", "in_end"), clock("inner", "P7D"),
        id="called", lanes={"Handläggare": ["inner", "second"]},
    )  # fmt: skip
    main = process(
        node("startEvent", "start"), node("callActivity", "call", calledElement="called"), task("after"), task("late"),
        node("endEvent", "end"), node("endEvent", "handled"), flow("start", "call"), flow("call", "after"), flow("after", "end"),
        clock("call", limit), flow("call_clock", "late"), flow("late", "handled"),
        lanes={"Handläggare": ["after"], "Gruppledare": ["late"]},
    )  # fmt: skip
    drawn = [
        "start",
        "call",
        "after",
        "late",
        "end",
        "handled",
        "in_start",
        "inner",
        "second",
        "in_end",
        "inner_clock",
        "call_clock",
    ]
    return read_process(file(main, called, drawn=drawn), roles=ROLES)


def test_a_called_process_has_a_time_limit_that_its_steps_stand_under():
    definition = inquiry()
    case = Lived(definition)

    clocks = [(one.node.id, one.clock.last_day) for one in engine.clocks(definition, case.state)]
    assert clocks == [("call", dt.date(2027, 3, 2)), ("inner", dt.date(2026, 11, 9))]
    assert standing(definition, case.state)["open"] == [("inner", dt.date(2026, 11, 9))]
    case.happen(Happened.DONE, "inner", answers={})
    assert standing(definition, case.state)["open"] == [("second", dt.date(2027, 3, 2))]
    case.happen(Happened.POSTPONED, "call", until=dt.date(2027, 6, 1))
    assert standing(definition, case.state)["open"] == [("second", dt.date(2027, 6, 1))]
    for days, open_now in ((200, {"second"}), (250, {"second", "late"})):
        case.at = AT + dt.timedelta(days=days)
        case.happen(Happened.TIME_PASSED)
        assert {found.node.id for found in engine.open_tasks(definition, case.state)} == open_now
    for step in ("second", "late", "after"):
        case.happen(Happened.DONE, step, answers={})

    assert engine.is_finished(definition, case.state)
    assert standing(definition, replayed(definition, case.events)) == standing(definition, case.state)
