"""The port to the process engine: where a process stands is data, and time is what the caller says."""

import copy
import datetime as dt
import json
import random
import uuid
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.foundation.processes import engine, expressions, registry
from fridhem.foundation.processes.reading import read_process
from fridhem.rooms.processes import catalogue
from tests.factories.processes import ROLES, chain, clock, file, flow, node, process, task

AT = dt.datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Stockholm"))  # a Monday


def names(definition, state) -> list[str]:
    return [found.node.id for found in engine.open_tasks(definition, state)]


def do(definition, state, id: str, *, at=AT, **answers):
    found = next(found for found in engine.open_tasks(definition, state) if found.node.id == id)
    return engine.complete(definition, state, found.id, answers, at=at)


# ── A process from start to end ───────────────────────────────────────────


def test_a_process_goes_from_task_to_task_to_its_end():
    definition = read_process(chain("first", "second"), roles=ROLES)

    state = engine.start(definition, at=AT)
    assert names(definition, state) == ["first"]
    state = do(definition, state, "first")
    assert names(definition, state) == ["second"]
    assert engine.done_nodes(definition, state) == {"start", "first"}
    assert not engine.is_finished(definition, state)
    state = do(definition, state, "second")
    assert names(definition, state) == []
    assert engine.is_finished(definition, state)


def test_a_state_is_plain_json_without_the_definition():
    definition = catalogue.shipped()["vinr_adult", 1]

    state = engine.start(definition, at=AT)

    assert json.loads(json.dumps(state)) == state
    assert (state["format"], state["process"], state["version"]) == (1, "vinr_adult", 1)
    assert "Kartlägga" not in json.dumps(state, ensure_ascii=False)


def test_the_order_in_which_a_state_is_kept_tells_nothing():
    """PostgreSQL keeps the keys of a JSON object in an order of its own."""
    definition = catalogue.shipped()["vinr_adult", 1]
    state = do(definition, engine.start(definition, {"age_group": "child"}, at=AT), "assess_protection", assessment="investigate")
    chance = random.Random(1)

    for _ in range(20):
        tasks = list(state["engine"]["tasks"].items())
        chance.shuffle(tasks)
        shuffled = {**state, "engine": {**state["engine"], "tasks": dict(tasks)}}
        assert engine.pass_time(definition, shuffled, at=AT) == state


def test_no_function_changes_the_state_it_was_given():
    definition = read_process(chain("first", "second", extra=clock("first", "P7D"), drawn=("first_clock",)), roles=ROLES)
    state = engine.start(definition, at=AT)
    before = copy.deepcopy(state)

    do(definition, state, "first")
    engine.pass_time(definition, state, at=AT + dt.timedelta(days=30))
    engine.next_timer(definition, state)

    assert state == before


def test_a_task_can_be_done_once():
    definition = read_process(chain("first", "second"), roles=ROLES)
    state = engine.start(definition, at=AT)
    first = engine.open_tasks(definition, state)[0].id
    after = engine.complete(definition, state, first, {}, at=AT)

    for unknown in (first, uuid.uuid4()):
        with pytest.raises(engine.TaskNotOpen):
            engine.complete(definition, after, unknown, {}, at=AT)


@pytest.mark.parametrize("change", [{"version": 2}, {"process": "other"}, {"format": 0}])
def test_a_state_of_something_else_is_refused(change):
    definition = read_process(chain("first"), roles=ROLES)

    with pytest.raises(engine.WrongState):
        engine.open_tasks(definition, {**engine.start(definition, at=AT), **change})


@pytest.mark.parametrize("answer", ["Anna Andersson", "", "a" * 65, None, 1.5, ["x"], {"a": 1}, "å"])
def test_nothing_about_a_person_fits_in_an_answer(answer):
    definition = read_process(chain("first"), roles=ROLES)
    state = engine.start(definition, at=AT)

    with pytest.raises(engine.NotACode):
        do(definition, state, "first", answer=answer)


# ── Gateways and conditions ───────────────────────────────────────────────


def choosing(condition: str):
    parts = [
        node("startEvent", "start"), task("ask"), node("exclusiveGateway", "which", default="no"),
        task("yes_way"), task("no_way"), node("endEvent", "end"), flow("start", "ask"), flow("ask", "which"),
        flow("which", "yes_way", condition), flow("which", "no_way", id="no"), flow("yes_way", "end"), flow("no_way", "end"),
    ]  # fmt: skip
    drawn = ["start", "ask", "which", "yes_way", "no_way", "end"]
    return read_process(file(process(*parts, lanes={"Handläggare": ["ask", "yes_way", "no_way"]}), drawn=drawn), roles=ROLES)


@pytest.mark.parametrize(
    ("condition", "answers", "taken"),
    [
        ("level == 'high'", {"level": "high"}, "yes_way"),
        ("level == 'high'", {"level": "low"}, "no_way"),
        ("level in ('high', 'moderate')", {"level": "moderate"}, "yes_way"),
        ("level not in ['high']", {"level": "high"}, "no_way"),
        ("not child and age &gt;= 18", {"child": False, "age": 18}, "yes_way"),
        ("0 &lt; age &lt; 15 or child", {"child": False, "age": 15}, "no_way"),
    ],
)
def test_a_gateway_follows_the_answers(condition, answers, taken):
    definition = choosing(condition)

    assert names(definition, do(definition, engine.start(definition, at=AT), "ask", **answers)) == [taken]


def test_a_missing_answer_is_told_and_not_guessed():
    definition = choosing("level == 'high'")

    with pytest.raises(expressions.MissingAnswer, match="level"):
        do(definition, engine.start(definition, at=AT), "ask", other="x")


def test_answers_that_can_not_be_compared_are_refused():
    with pytest.raises(expressions.BadExpression):
        expressions.evaluate("age < 15", {"age": "old"})


@pytest.mark.parametrize("evil", ["__import__('os')", "9**9**9", "().__class__", "print(1)", "x.y"])
def test_nothing_is_ever_executed(evil):
    with pytest.raises(expressions.BadExpression):
        expressions.evaluate(evil, {"x": 1})


def test_both_ways_of_a_parallel_gateway_must_be_done():
    parts = [
        node("startEvent", "start"), node("parallelGateway", "split"), task("left"), task("right"),
        node("parallelGateway", "join"), task("after"), node("endEvent", "end"),
        flow("start", "split"), flow("split", "left"), flow("split", "right"),
        flow("left", "join"), flow("right", "join"), flow("join", "after"), flow("after", "end"),
    ]  # fmt: skip
    drawn = ["start", "split", "left", "right", "join", "after", "end"]
    definition = read_process(file(process(*parts, lanes={"Handläggare": ["left", "right", "after"]}), drawn=drawn), roles=ROLES)

    state = engine.start(definition, at=AT)
    assert names(definition, state) == ["left", "right"]
    state = do(definition, state, "right")
    assert names(definition, state) == ["left"]
    assert names(definition, do(definition, state, "left")) == ["after"]


def test_a_process_may_call_another_in_its_file():
    inner = process(
        node("startEvent", "in_start"), task("inner"), node("endEvent", "in_end"),
        flow("in_start", "inner"), flow("inner", "in_end"), id="called", lanes={"Gruppledare": ["inner"]},
    )  # fmt: skip
    outer = process(
        node("startEvent", "start"), node("callActivity", "call", calledElement="called"), task("after"),
        node("endEvent", "end"), flow("start", "call"), flow("call", "after"), flow("after", "end"),
        lanes={"Handläggare": ["after"]},
    )  # fmt: skip
    drawn = ["start", "call", "after", "end", "in_start", "inner", "in_end"]
    definition = read_process(file(outer, inner, drawn=drawn), roles=ROLES)

    state = engine.start(definition, at=AT)
    assert [(found.node.id, found.node.role) for found in engine.open_tasks(definition, state)] == [("inner", "team_leader")]
    state = json.loads(json.dumps(do(definition, state, "inner")))
    assert names(definition, state) == ["after"]
    assert engine.is_finished(definition, do(definition, state, "after"))


# ── Time limits ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("span", "at", "due"),
    [
        ("P14D", AT, dt.date(2026, 11, 16)),
        ("P2M", AT.replace(month=10, day=31), dt.date(2027, 1, 4)),  # 31 December is an eve, then the weekend
        ("PT24H", AT.replace(month=12, day=24), dt.date(2026, 12, 25)),  # protection doesn't wait for Monday
        ("P1D", AT.replace(day=30, hour=0).astimezone(dt.UTC), dt.date(2026, 12, 1)),  # the day in Sweden, not in UTC
    ],
)
def test_a_clock_says_when_a_task_is_due(span, at, due):
    definition = read_process(chain("talk", extra=clock("talk", span), drawn=("talk_clock",)), roles=ROLES)

    state = engine.start(definition, at=at)

    assert engine.open_tasks(definition, state)[0].due == due
    assert engine.next_timer(definition, state) == due


def late(*, interrupts: bool):
    extra = clock("talk", "P7D", interrupts=interrupts) + task("hurry") + flow("talk_clock", "hurry") + flow("hurry", "end")
    data = chain("talk", extra=extra, drawn=("talk_clock", "hurry"))
    lane = b"<bpmn:flowNodeRef>talk</bpmn:flowNodeRef>"
    return read_process(data.replace(lane, lane + b"<bpmn:flowNodeRef>hurry</bpmn:flowNodeRef>"), roles=ROLES)


@pytest.mark.parametrize(("interrupts", "after"), [(False, ["talk", "hurry"]), (True, ["hurry"])])
def test_a_time_limit_that_passes_does_what_the_diagram_says(interrupts, after):
    definition = late(interrupts=interrupts)
    state = engine.start(definition, at=AT)

    on_the_last_day = engine.pass_time(definition, state, at=AT.replace(day=9, hour=23))
    assert names(definition, on_the_last_day) == ["talk"]
    the_day_after = engine.pass_time(definition, on_the_last_day, at=AT.replace(day=10, hour=0))
    assert sorted(names(definition, the_day_after)) == sorted(after)
    much_later = engine.pass_time(definition, the_day_after, at=AT.replace(year=2027))
    assert sorted(names(definition, much_later)) == sorted(after)


def test_looking_at_a_state_lets_no_time_pass():
    definition = late(interrupts=True)
    state = engine.start(definition, at=AT - dt.timedelta(days=3650))

    assert names(definition, state) == ["talk"]


def test_a_task_done_in_time_takes_its_clock_with_it():
    definition = late(interrupts=False)
    state = do(definition, engine.start(definition, at=AT), "talk")

    assert engine.next_timer(definition, state) is None
    assert engine.is_finished(definition, engine.pass_time(definition, state, at=AT.replace(year=2027)))


# ── Service steps ─────────────────────────────────────────────────────────


@registry.register("test.look_up")
def look_up(call: registry.Call) -> dict[str, str]:
    call.subject.append((call.by, call.at, call.answers["level"]))
    return {"found": "yes"}


def test_a_service_step_is_called_by_name_and_answers():
    service = node("serviceTask", "ring", **{"camunda:topic": "test.look_up"})
    parts = [
        node("startEvent", "start"), task("ask"), service, node("exclusiveGateway", "which", default="no"),
        task("yes_way"), task("no_way"), node("endEvent", "end"), flow("start", "ask"), flow("ask", "ring"),
        flow("ring", "which"), flow("which", "yes_way", "found == 'yes'"), flow("which", "no_way", id="no"),
        flow("yes_way", "end"), flow("no_way", "end"),
    ]  # fmt: skip
    drawn = ["start", "ask", "ring", "which", "yes_way", "no_way", "end"]
    data = file(process(*parts, lanes={"Handläggare": ["ask", "yes_way", "no_way"]}), drawn=drawn)
    definition = read_process(data, roles=ROLES, steps=registry.steps())
    state = engine.start(definition, at=AT)
    told: list = []

    ask = engine.open_tasks(definition, state)[0].id
    state = engine.complete(definition, state, ask, {"level": "high"}, at=AT, subject=told, by="Anna")

    assert names(definition, state) == ["yes_way"]
    assert told == [("Anna", AT, "high")]


def test_two_steps_can_not_share_a_name():
    with pytest.raises(ValueError, match="already registered"):
        registry.register("test.look_up")(lambda call: {})


# ── Any case, killed at any step and restored, is where it was ────────────


class Tokens:
    """The simplest thing that plays the same game, to hold the engine against: a bag of elements that are waiting."""

    def __init__(self, definition):
        self.process = definition.main
        self.open: list[str] = []
        self.arrived: list[str] = []
        start = next(id for id, node in self.process.nodes.items() if node.kind == "startEvent")
        self._leave(start, {})

    def do(self, id, answers):
        self.open.remove(id)
        self._leave(id, answers)

    def _leave(self, id, answers):
        out = self.process.after[id]
        if self.process.nodes[id].kind == "exclusiveGateway" and len(out) > 1:
            fits = [one for one in out if not one.is_default and expressions.evaluate(one.condition, answers)]
            out = fits[:1] or [one for one in out if one.is_default]
        for one in out:
            self._enter(one.target, answers)

    def _enter(self, id, answers):
        node = self.process.nodes[id]
        if node.is_human:
            self.open.append(id)
        elif node.kind == "parallelGateway":
            self.arrived.append(id)
            if self.arrived.count(id) == sum(one.target == id for one in self.process.flows):
                self.arrived = [other for other in self.arrived if other != id]
                self._leave(id, answers)
        elif node.kind != "endEvent":
            self._leave(id, answers)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_case_killed_at_any_step_and_restored_is_where_it_was(data):
    definition = catalogue.shipped()["vinr_adult", 1]
    state, tokens, answers, at = engine.start(definition, at=AT), Tokens(definition), {}, AT

    for _ in range(data.draw(st.integers(0, 14), label="steps")):
        found = engine.open_tasks(definition, state)
        assert sorted(one.node.id for one in found) == sorted(tokens.open)
        if not found:
            break
        chosen = data.draw(st.sampled_from(found), label="task")
        questions = catalogue.sheets()[chosen.node.form].questions
        given_now = {question.name: data.draw(st.sampled_from(question.codes)) for question in questions}
        at += dt.timedelta(days=data.draw(st.integers(0, 3)))
        restored = json.loads(json.dumps(state))
        assert engine.open_tasks(definition, restored) == found
        assert engine.done_nodes(definition, restored) == engine.done_nodes(definition, state)
        assert engine.next_timer(definition, restored) == engine.next_timer(definition, state)

        state = engine.complete(definition, restored, chosen.id, given_now, at=at)
        answers |= given_now
        tokens.do(chosen.node.id, answers)

    assert engine.is_finished(definition, state) == (not tokens.open)
