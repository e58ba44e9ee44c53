"""A case that followed its process is found to have done so, and one that left out a step isn't.

The judge is another: random process trees, whose words are told by derivatives (Brzozowski 1964), beside the tokens that move
through the diagrams drawn of them.
"""

import datetime as dt
import itertools
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.conformance import Conformance, Deviation, Kind
from fridhem.foundation.processes.reading import read_process
from fridhem.rooms.processes import catalogue
from tests.factories.processes import ROLES, chain, clock, file, flow, node, process, task
from tests.foundation.processes.test_history import decided

AT = dt.datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
SKIPPED, UNEXPECTED = Kind.SKIPPED, Kind.UNEXPECTED


def held(*tasks: str, extra: str = "", drawn: tuple[str, ...] = ()) -> Conformance:
    return Conformance(read_process(chain(*tasks, extra=extra, drawn=drawn), roles=ROLES))


@pytest.mark.parametrize(
    ("did", "closed", "told"),
    [
        ("abc", True, []),
        ("ab", False, []),
        ("ab", True, [(SKIPPED, "c", 2)]),
        ("ac", False, [(SKIPPED, "b", 1)]),
        ("c", True, [(SKIPPED, "a", 0), (SKIPPED, "b", 0)]),
        ("abbc", True, [(UNEXPECTED, "b", 2)]),
        ("axbc", True, [(UNEXPECTED, "x", 1)]),
        ("", False, []),
        ("", True, [(SKIPPED, "a", 0), (SKIPPED, "b", 0), (SKIPPED, "c", 0)]),
    ],
)
def test_what_was_left_out_and_what_was_too_much_is_told(did, closed, told):
    assert held("a", "b", "c").deviations(list(did), is_closed=closed) == [Deviation(*each) for each in told]


def test_a_step_is_known_by_its_id_and_by_its_name():
    found = held("first", "second")

    assert [found.step(name) for name in ("first", "  FIRST ", "Second", "third")] == ["first", "first", "second", ""]


def test_a_case_that_was_closed_long_before_its_end_did_not_follow():
    assert held(*"abcdefghijkl").deviations(["a"], is_closed=True) == [Deviation(SKIPPED, "b", 1)]


def test_timers_that_may_go_off_for_ever_are_not_followed_for_ever():
    again, once = clock("a", "P7D", interrupts=True), clock("a", "P1D").replace("a_clock", "a_once")
    parts = [
        node("startEvent", "start"), node("exclusiveGateway", "into"), task("a"), task("b"), node("endEvent", "end"),
        node("endEvent", "other"), again, once, flow("start", "into"), flow("into", "a"), flow("a", "end"),
        flow("a_clock", "into"), flow("a_once", "b"), flow("b", "other"),
    ]  # fmt: skip
    drawn = ["start", "into", "a", "b", "end", "other", "a_clock", "a_once"]
    found = Conformance(read_process(file(process(*parts, lanes={"Handläggare": ["a", "b"]}), drawn=drawn), roles=ROLES))

    assert found.deviations(["b", "b", "a"], is_closed=True) == []


@pytest.mark.parametrize(("interrupts", "did"), [(True, "ac"), (False, "abc"), (False, "acb"), (False, "ab")])
def test_a_timer_may_have_gone_off(interrupts, did):
    parts = [
        node("startEvent", "start"), task("a"), task("b"), task("c"), node("endEvent", "end"), node("endEvent", "other"),
        clock("b", "P7D", interrupts=interrupts), flow("start", "a"), flow("a", "b"), flow("b", "end"), flow("b_clock", "c"),
        flow("c", "other"),
    ]  # fmt: skip
    drawn = ["start", "a", "b", "c", "end", "other", "b_clock"]
    found = Conformance(read_process(file(process(*parts, lanes={"Handläggare": ["a", "b", "c"]}), drawn=drawn), roles=ROLES))

    assert found.deviations(list(did), is_closed=True) == []
    assert found.deviations(["a"], is_closed=True) == [Deviation(SKIPPED, "b", 1)]


@pytest.mark.parametrize(("did", "told"), [("ab", []), ("bac", []), ("ac", [(SKIPPED, "b", 1)]), ("bc", [(SKIPPED, "a", 1)])])
def test_an_end_of_everything_ends_what_else_goes_on(did, told):
    ends = node("endEvent", "end", "<bpmn:terminateEventDefinition/>")
    parts = [
        node("startEvent", "start"), node("parallelGateway", "split"), task("a"), task("b"), task("c"), ends,
        node("parallelGateway", "join"), node("endEvent", "other"), node("exclusiveGateway", "maybe", default="maybe_to_end"),
        flow("start", "split"), flow("split", "a"), flow("split", "b"), flow("a", "join"), flow("b", "maybe"),
        flow("maybe", "end"), flow("maybe", "join", 'go == "on"'), flow("join", "c"), flow("c", "other"),
    ]  # fmt: skip
    drawn = ["start", "split", "a", "b", "c", "join", "maybe", "end", "other"]
    found = Conformance(read_process(file(process(*parts, lanes={"Handläggare": ["a", "b", "c"]}), drawn=drawn), roles=ROLES))

    assert found.deviations(list(did), is_closed=True) == [Deviation(*each) for each in told]
    assert found.deviations(["b"], is_closed=True) == []


@pytest.mark.parametrize("key", sorted(catalogue.newest()))
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_the_engine_has_run_followed_the_process(key, data):
    definition = catalogue.newest()[key]
    state, at, did = engine.start(definition, at=AT, ask=decided), AT, []
    for _ in range(data.draw(st.integers(1, 14), label="steps")):
        at += dt.timedelta(days=data.draw(st.integers(0, 40), label="days"))
        state = engine.pass_time(definition, state, at=at, ask=decided)
        if engine.awaits(definition, state, "danger") and data.draw(st.booleans(), label="danger"):
            state = engine.raise_event(definition, state, "danger", at=at, ask=decided)
        found = engine.open_tasks(definition, state)
        if not found:
            break
        chosen = data.draw(st.sampled_from(found), label="task")
        questions = catalogue.sheets()[chosen.node.form].questions
        answers = {question.name: data.draw(st.sampled_from(question.codes)) for question in questions}
        state = engine.complete(definition, state, chosen.id, answers, at=at, ask=decided)
        did.append(chosen.node.name)

    assert Conformance(definition).deviations(did, is_closed=engine.is_finished(definition, state)) == []


# ── Ten thousand cases on processes drawn by chance ───────────────────────


@dataclass(frozen=True)
class Tree:
    """A process as a tree: a `step`, or `parts` in a `row`, one of them (`choice`), `all` at once, or one `again` and again."""

    kind: str
    step: str = ""
    parts: tuple["Tree", ...] = ()


NOTHING, NEVER = Tree("row"), Tree("choice")


def grown(chance: random.Random, names, depth: int) -> Tree:
    if depth == 0 or chance.random() < 0.2:
        return Tree("step", next(names))
    kind = chance.choice(["row", "row", "choice", "all", "again"])
    many = 1 if kind == "again" else chance.randint(2, 3)
    parts = tuple(grown(chance, names, depth - 1) for _ in range(many))
    if kind == "again" and is_passable(parts[0]):
        return parts[0]  # a loop that nobody stops is refused when it's read
    return Tree(kind, parts=(*parts, NOTHING) if kind == "choice" and chance.random() < 0.4 else parts)


def is_passable(tree: Tree) -> bool:
    """Whether arrows lead past all its steps."""
    some = any if tree.kind in {"choice", "all"} else all
    return tree.kind != "step" and some(map(is_passable, tree.parts))


def word(tree: Tree, chance: random.Random) -> list[str]:
    """Steps that the tree allows."""
    if tree.kind == "step":
        return [tree.step]
    if tree.kind == "choice":
        return word(chance.choice(tree.parts), chance)
    if tree.kind == "again":
        return [step for _ in range(chance.choice([1, 1, 2, 3])) for step in word(tree.parts[0], chance)]
    words = [word(part, chance) for part in tree.parts]
    if tree.kind == "row":
        return [step for each in words for step in each]
    order = [n for n, each in enumerate(words) for _ in each]
    chance.shuffle(order)
    left = [iter(each) for each in words]
    return [next(left[n]) for n in order]


def may_end(tree: Tree) -> bool:
    match tree.kind:
        case "step":
            return False
        case "choice":
            return any(map(may_end, tree.parts))
    return all(map(may_end, tree.parts))


def rest(tree: Tree, step: str) -> Tree:
    """What the tree allows after a step: its derivative."""
    if tree.kind == "step":
        return NOTHING if tree.step == step else NEVER
    if tree.kind == "choice":
        return either(*(rest(part, step) for part in tree.parts))
    if tree.kind == "again":
        return row(rest(tree.parts[0], step), either(NOTHING, tree))
    ways = []
    for n, part in enumerate(tree.parts):
        left = rest(part, step)
        if left != NEVER:
            parts = (left, *tree.parts[n + 1 :]) if tree.kind == "row" else (*tree.parts[:n], left, *tree.parts[n + 1 :])
            ways.append(row(*parts) if tree.kind == "row" else Tree("all", parts=parts))
        if tree.kind == "row" and not may_end(part):
            break
    return either(*ways)


def either(*trees: Tree) -> Tree:
    some = tuple(dict.fromkeys(tree for tree in trees if tree != NEVER))
    return some[0] if len(some) == 1 else Tree("choice", parts=some)


def row(*trees: Tree) -> Tree:
    if NEVER in trees:
        return NEVER
    some = tuple(tree for tree in trees if tree != NOTHING)
    return some[0] if len(some) == 1 else Tree("row", parts=some)


def allows(tree: Tree, steps) -> bool:
    for step in steps:
        tree = rest(tree, step)
    return may_end(tree)


def drawn(tree: Tree) -> Conformance:
    """The tree as a diagram, read as any other."""
    count, parts, nodes, tasks = itertools.count(), [], [], []

    def made(kind: str, **attributes: str) -> str:
        id = f"{kind}_{next(count)}"
        parts.append(node(kind, id, **attributes))
        nodes.append(id)
        return id

    def leads(source: str, target: str, condition: str = "", id: str = "") -> None:
        parts.append(flow(source, target, condition, id=id or f"flow_{next(count)}"))

    def laid(tree: Tree, source: str) -> str:
        """Draw the tree after `source`; what it ends with."""
        if tree.kind == "step":
            parts.append(task(tree.step))
            tasks.append(tree.step)
            leads(source, tree.step)
            return tree.step
        if tree.kind == "row":
            for part in tree.parts:
                source = laid(part, source)
            return source
        if tree.kind == "again":
            into, back = made("exclusiveGateway"), f"flow_{next(count)}"
            out = made("exclusiveGateway", default=back)
            leads(source, into)
            leads(laid(tree.parts[0], into), out)
            leads(out, into, id=back)
            passed = made("exclusiveGateway")
            leads(out, passed, 'go == "on"')
            return passed
        kind = "exclusiveGateway" if tree.kind == "choice" else "parallelGateway"
        first = f"flow_{next(count)}"
        split = made(kind, **({"default": first} if tree.kind == "choice" else {}))
        join = made(kind)
        leads(source, split)
        for n, part in enumerate(tree.parts):
            between = made("exclusiveGateway")
            leads(split, between, 'go == "on"' if n and tree.kind == "choice" else "", id="" if n else first)
            leads(laid(part, between), join)
        return join

    start = made("startEvent")
    last, end = laid(tree, start), made("endEvent")
    leads(last, end)
    data = file(process(*parts, lanes={"Handläggare": tasks}), drawn=[*nodes, *tasks])
    return Conformance(read_process(data, roles=ROLES))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_allowed_conforms_and_every_planted_skip_is_found(seed):
    chance, cases, planted = random.Random(seed), 0, 0
    while cases < 1000:
        tree = grown(chance, (f"s{n}" for n in itertools.count()), 3)
        process = drawn(tree)
        for _ in range(40):
            did = word(tree, chance)
            cases += 1
            assert process.deviations(did, is_closed=True) == [], (tree, did)
            for place in range(len(did)):
                short = did[:place] + did[place + 1 :]
                told = process.deviations(short, is_closed=True)
                assert bool(told) is not allows(tree, short), (tree, did, place, told)
                planted += bool(told)
    assert planted > 1000
