"""A decision table answers as trying every rule on every value by hand does, and what is wrong with it is found, all of it."""

import itertools
import math
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.pure.decisions.cells import BadCell, Why, read_among, read_cell, read_codes, read_value
from fridhem.pure.decisions.checking import Overlap, asks_the_same, gap, overlaps, sorts, turns, unreached
from fridhem.pure.decisions.deciding import MissingValue, Undecided, WrongValue, decide, explained
from fridhem.pure.decisions.table import Between, Cell, Column, Kind, Policy, Rule, Table

RISK = Column("risk", "Risk", Kind.CODE, codes=("low", "moderate", "high"))
AGE = Column("age", "Ålder", Kind.NUMBER, among=Between(0, 20))
CHILD = Column("child", "Barn", Kind.BOOLEAN)
WAY = Column("way", "Väg", Kind.CODE, codes=("a", "b", "c"))


# ── Cells ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "column", "fits"),
    [
        ("-", RISK, ["low", "moderate", "high"]),
        ("", RISK, ["low", "moderate", "high"]),
        ('"low"', RISK, ["low"]),
        ('"low", "high"', RISK, ["low", "high"]),
        ('not("low")', RISK, ["moderate", "high"]),
        ('not ( "low","high" )', RISK, ["moderate"]),
        ("true", CHILD, [True]),
        ("not(true)", CHILD, [False]),
        ("3", AGE, [3]),
        ("< 2", AGE, [0, 1]),
        ("<=2", AGE, [0, 1, 2]),
        ("> 18", AGE, [19, 20]),
        (">= 19", AGE, [19, 20]),
        ("[1..3]", AGE, [1, 2, 3]),
        ("(1..3]", AGE, [2, 3]),
        ("]1..3[", AGE, [2]),
        ("[1..3)", AGE, [1, 2]),
        ("<2, [5..6], 20", AGE, [0, 1, 5, 6, 20]),
        ("not(<15, > 17)", AGE, [15, 16, 17]),
        ("-1", AGE, []),
    ],
)
def test_a_cell_holds_for_exactly_these_values(text, column, fits):
    every = {Kind.CODE: RISK.codes, Kind.BOOLEAN: (False, True), Kind.NUMBER: range(21)}[column.kind]

    cell = read_cell(text, column)

    assert [value for value in every if cell.holds(value)] == fits


@pytest.mark.parametrize(
    ("text", "column", "why"),
    [
        ('"critical"', RISK, Why.UNKNOWN_CODE),
        ("low", RISK, Why.UNREADABLE),
        ("risk", RISK, Why.UNREADABLE),
        ('"low" or "high"', RISK, Why.UNREADABLE),
        ('not(not("low"))', RISK, Why.UNREADABLE),
        ('"low",', RISK, Why.UNREADABLE),
        ("not(-)", RISK, Why.UNREADABLE),
        ('"låg"', RISK, Why.UNREADABLE),
        ("1", CHILD, Why.UNREADABLE),
        ("True", CHILD, Why.UNREADABLE),
        ('"true"', CHILD, Why.WRONG_KIND),
        ('"3"', AGE, Why.WRONG_KIND),
        ("true", AGE, Why.WRONG_KIND),
        ("1.5", AGE, Why.UNREADABLE),
        ("[5..1]", AGE, Why.EMPTY_RANGE),
        ("(1..2)", AGE, Why.EMPTY_RANGE),
        ("1 + 1", AGE, Why.UNREADABLE),
        ("10**9", AGE, Why.UNREADABLE),
        ('date("2026-01-01")', AGE, Why.UNREADABLE),
        ("__import__('os').system('true')", AGE, Why.UNREADABLE),
        ("?.__class__", RISK, Why.UNREADABLE),
        ("٣", AGE, Why.UNREADABLE),
        ("1," * 300, AGE, Why.TOO_LONG),
    ],
)
def test_what_is_not_a_cell_is_refused_with_its_reason(text, column, why):
    with pytest.raises(BadCell) as refused:
        read_cell(text, column)

    assert refused.value.why == why


@given(st.text(max_size=60), st.sampled_from([RISK, AGE, CHILD]))
def test_any_text_is_a_cell_or_is_refused(text, column):
    try:
        assert isinstance(read_cell(text, column), Cell)
    except BadCell as refused:
        assert refused.part in text


def test_a_result_is_one_value():
    assert (read_value('"a"', WAY), read_value(" 3 ", AGE), read_value("false", CHILD)) == ("a", 3, False)
    for text, column in (("-", WAY), ('"a","b"', WAY), ("< 3", AGE), ("[3..3]", AGE), ("", CHILD)):
        with pytest.raises(BadCell):
            read_value(text, column)


def test_the_values_of_a_column_are_read():
    assert (read_codes('"a", "b","a"'), read_among("[0..120]"), read_among(">= 0")) == (("a", "b"), Between(0, 120), Between(0))
    with pytest.raises(BadCell):
        read_codes('"a", b')


# ── Deciding ──────────────────────────────────────────────────────────────


def table(*rows: tuple, policy=Policy.UNIQUE, inputs=(RISK, AGE), default=None) -> Table:
    rules = tuple(Rule(tuple(map(read_cell, row[:-1], inputs)), (row[-1],)) for row in rows)
    return Table("test", "Test", policy, inputs, (WAY,), rules, default)


WHOLE = table(('"high"', "-", "a"), ('not("high")', "< 15", "b"), ('not("high")', ">= 15", "c"))


@pytest.mark.parametrize(("risk", "age", "way"), [("high", 3, "a"), ("low", 14, "b"), ("moderate", 15, "c")])
def test_the_rule_that_holds_answers(risk, age, way):
    assert decide(WHOLE, {"risk": risk, "age": age, "other": "x"}) == {"way": way}


@pytest.mark.parametrize("answers", [{}, {"risk": "low"}, {"age": 3}])
def test_what_nobody_has_answered_is_told_and_not_guessed(answers):
    with pytest.raises(MissingValue):
        decide(WHOLE, answers)


@pytest.mark.parametrize(
    "wrong", [{"risk": "critical"}, {"risk": 1}, {"age": "3"}, {"age": True}, {"age": 21}, {"age": 1.0}, {"age": None}]
)
def test_a_value_that_the_table_does_not_know_is_told(wrong):
    with pytest.raises(WrongValue):
        decide(WHOLE, {"risk": "low", "age": 3, **wrong})


def test_yes_is_not_the_number_one():
    with pytest.raises(WrongValue):
        decide(table(("true", "a"), ("false", "b"), inputs=(CHILD,)), {"child": 1})


# ── Against trying everything ─────────────────────────────────────────────

SMALL = Column("n", "N", Kind.NUMBER, among=Between(0, 6))
CELLS = {
    Kind.CODE: ["-", '"low"', '"low","high"', 'not("moderate")', 'not("low","high")', '"moderate"'],
    Kind.BOOLEAN: ["-", "true", "false", "not(true)"],
    Kind.NUMBER: ["-", "3", "< 3", ">= 3", "[2..4]", "]2..4[", "0,6", "not(3)", "not([1..5])", "<= 0", "> 5"],
}


@st.composite
def tables(draw):
    inputs = draw(st.sampled_from([(RISK,), (SMALL,), (RISK, SMALL), (CHILD, RISK), (CHILD, SMALL, RISK)]))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(CELLS[c.kind]) for c in inputs), st.sampled_from("abc")), max_size=6))
    default = draw(st.sampled_from([None, ("a",)]))
    return table(*rows, policy=draw(st.sampled_from(list(Policy))), inputs=inputs, default=default)


def every_case(inputs):
    values = {Kind.CODE: RISK.codes, Kind.BOOLEAN: (False, True), Kind.NUMBER: range(7)}
    return [
        dict(zip([c.name for c in inputs], case, strict=True)) for case in itertools.product(*(values[c.kind] for c in inputs))
    ]


def holding(table: Table, case: dict) -> list[int]:
    """The rules that hold, by the simplest reading."""
    return [
        n
        for n, rule in enumerate(table.rules, 1)
        if all(cell.holds(case[c.name]) for cell, c in zip(rule.cells, table.inputs, strict=True))
    ]


@settings(max_examples=400, deadline=None)
@given(tables())
def test_what_is_decided_and_what_is_found_is_what_trying_everything_finds(table):
    cases = every_case(table.inputs)
    held = {tuple(case.items()): holding(table, case) for case in cases}
    uncovered = [case for case in cases if not held[tuple(case.items())]]
    found = gap(table)
    assert (found in uncovered) if table.default is None and uncovered else found is None

    together = {
        pair
        for rules in held.values()
        for pair in itertools.combinations(rules, 2)
        if table.policy == Policy.UNIQUE or table.rules[pair[0] - 1].results != table.rules[pair[1] - 1].results
    }
    told = list(overlaps(table))
    assert {(one.first, one.second) for one in told} == (set() if table.policy == Policy.FIRST else together)
    assert all({one.first, one.second} <= set(held[tuple(one.example.items())]) for one in told)

    first_only = table.policy == Policy.FIRST
    reached = {rule for rules in held.values() for rule in (rules[:1] if first_only else rules)}
    assert set(unreached(table)) == set(range(1, len(table.rules) + 1)) - reached

    for case in cases:
        rules = held[tuple(case.items())]
        results = {table.rules[rule - 1].results for rule in (rules[:1] if first_only else rules)}
        if not rules and table.default:
            assert decide(table, case) == {"way": "a"}
        elif len(results) == 1 and (table.policy != Policy.UNIQUE or len(rules) == 1):
            assert decide(table, case) == {"way": next(iter(results))[0]}
        else:
            with pytest.raises(Undecided):
                decide(table, case)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_why_is_told_as_the_rules_say(table):
    for case in every_case(table.inputs):
        try:
            told = explained(table, case)
        except Undecided:
            continue
        held = [number for number, cells in enumerate(told.held, 1) if all(cells)]
        assert held == holding(table, case)
        assert told.rule == (held[0] if held else None)
        assert told.answers == decide(table, case)


OTHER = Column("n", "N", Kind.NUMBER, among=Between(2, 9))
FEWER = Column("risk", "Risk", Kind.CODE, codes=("high", "low", "extreme"))


@st.composite
def whole(draw, inputs):
    """A table that answers everything."""
    texts = {column: ["-", '"low"', 'not("high")'] if column == FEWER else CELLS[column.kind] for column in inputs}
    rows = draw(st.lists(st.tuples(*(st.sampled_from(texts[c]) for c in inputs), st.sampled_from("abc")), max_size=5))
    return table(*rows, policy=Policy.FIRST, inputs=inputs, default=("a",))


@settings(max_examples=400, deadline=None)
@given(whole((RISK, SMALL)), st.sampled_from([(RISK, SMALL), (SMALL, RISK), (OTHER, RISK), (FEWER, OTHER)]).flatmap(whole))
def test_what_turns_between_two_tables_is_what_trying_everything_finds(old, new):
    both = [case for case in every_case((RISK, SMALL)) if all(column.has(case[column.name]) for column in new.inputs)]
    differ = [case for case in both if decide(old, case) != decide(new, case)]

    found = turns(old, new, most=1_000)

    assert all(turn.example in differ for turn in found)
    told = {(turn.was["way"], turn.now["way"]) for turn in found}
    assert told == {(decide(old, case)["way"], decide(new, case)["way"]) for case in differ}


def test_tables_that_ask_otherwise_are_not_compared():
    assert asks_the_same(table(inputs=(RISK, SMALL)), table(inputs=(OTHER, FEWER)))
    assert not asks_the_same(table(inputs=(RISK,)), table(inputs=(RISK, SMALL)))
    assert turns(WHOLE, WHOLE, most=5) is None


def test_numbers_without_end_are_checked_beyond_every_edge():
    endless = Column("n", "N", Kind.NUMBER)

    assert gap(table(("< 0", "a"), ("> 0", "b"), inputs=(endless,))) == {"n": 0}
    assert gap(table((">= 0", "a"), inputs=(endless,))) == {"n": -1}
    assert gap(table(("< 5", "a"), inputs=(endless,))) == {"n": 5}
    assert gap(table(("< 5", "a"), (">= 5", "b"), inputs=(endless,))) is None


def test_two_rules_that_both_hold_are_told_with_an_example():
    both = table(('"high"', "-", "a"), ("-", "[0..3]", "b"), ('not("high")', "> 3", "c"))

    assert list(overlaps(both)) == [Overlap(1, 2, {"risk": "high", "age": 0})]


def test_what_a_check_costs_is_known_before():
    assert sorts(table(("-", "< 15", "a"), inputs=(RISK, AGE))) == [3, 2]


@pytest.mark.timeout(60)
def test_the_largest_table_is_checked_in_a_moment():
    """A hundred rules, ten thousand sorts of cases, and cells as long as they may be."""
    wide = [Column(f"n{place}", "N", Kind.NUMBER) for place in range(2)]
    inputs = (*wide, *(Column(f"c{place}", "C", Kind.CODE, codes=("a",)) for place in range(6)))
    cells = [",".join(str(number) for number in range(place, place + 190, 2)) for place in range(100)]
    rows = [(cells[number % 2], f"< {number % 97}", *["-"] * 6, "ab"[number // 2 % 2]) for number in range(100)]
    large, other = (table(*rows, policy=policy, inputs=inputs, default=("c",)) for policy in (Policy.FIRST, Policy.ANY))
    began = process_time()

    assert max(sorts(large)) <= 200 and 5_000 < math.prod(sorts(large)) <= 50_000
    assert gap(replace(large, default=None)) is not None
    assert (len(unreached(large)) > 0, len(list(overlaps(other))) > 1_000) == (True, True)
    assert turns(large, large, most=50_000) == []
    assert process_time() - began < 20
