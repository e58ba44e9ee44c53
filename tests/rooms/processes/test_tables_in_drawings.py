"""Whether what a table asks is answered when a case comes to it, and whether its answers lead where somebody has drawn."""

import itertools
from dataclasses import replace

import pytest
from django.utils.translation import override

from fridhem.foundation.processes.reading import read_process
from fridhem.foundation.processes.tables import read_table
from fridhem.pure.decisions.table import Between, Column, Kind, Rule, Table
from fridhem.rooms.processes import catalogue, rules
from tests.factories.processes import ROLES, branch, clock, dmn, file, flow, node, process, task

RISK = Column("risk", "Risk", Kind.CODE, ("low", "moderate", "high"))
ASKED = task("risk", form="risk_assessment")
WEIGH = node("businessRuleTask", "weigh", **{"camunda:decisionRef": "small"})
NOT_ANSWERED = "Beslutstabellen ”small” frågar efter ”risk”, som inte är besvarad på varje väg till ”weigh”."


def small() -> Table:
    return read_table(dmn(("-", '"a"'), inputs=(("risk", "string", '"low","moderate","high"'),)))[0]


def drawn(*ways: str, inside: str = "", beside: str = "", tasks: tuple[str, ...] = ()):
    """A drawing by its ways, such as `start risk weigh end`; those into `choice` and out of it choose by the age group."""
    known = {
        "risk": ASKED,
        "weigh": WEIGH,
        "choice": node("exclusiveGateway", "choice", default="choice_to_other"),
        "spread": node("parallelGateway", "spread"),
        "gather": node("parallelGateway", "gather"),
        "start": node("startEvent", "start"),
        "end": node("endEvent", "end"),
        "called": node("subProcess", "called", inside),
        "risk_clock": clock("risk", "P1D", interrupts=True),
    }
    arrows = dict.fromkeys(pair for way in ways for pair in itertools.pairwise(way.split()))
    used = dict.fromkeys(id for way in ways for id in way.split())
    flows = [flow(a, b, "age_group == 'child'" if a == "choice" and b != "other" else "", id=f"{a}_to_{b}") for a, b in arrows]
    parts = [known.get(id) or task(id) for id in used]
    human = [id for id in used if id not in known or id == "risk"]
    every = [*used, "inner_start", "inner_end", "branch", "branch_start", "branch_end", "first", "risk", "weigh"]
    whole = process(*parts, beside, *flows, lanes={"Handläggare": [*human, *tasks]})
    message = node("message", "danger", name="danger") if beside else ""
    return read_process(file(whole, message, drawn=list(dict.fromkeys(every))), roles=ROLES, steps={})


def within(*ids: str) -> str:
    """The steps of a subprocess, one after another."""
    known = {"risk": ASKED, "weigh": WEIGH}
    way = ["inner_start", *ids, "inner_end"]
    arrows = [flow(a, b, id=f"{a}_to_{b}") for a, b in itertools.pairwise(way)]
    ends = [node("startEvent", "inner_start"), node("endEvent", "inner_end")]
    return "".join([*ends, *(known.get(id) or task(id) for id in ids), *arrows])


def said(definition, table: Table | None = None, before: Table | None = None, sheets=None) -> list[str]:
    """What is wrong, without the process that it's said of and the advice at the end."""
    with override("sv"):
        found = rules.table_misfits(
            table or small(), sheets=sheets or catalogue.sheets(), tables={"small": before} if before else {}, users=[definition]
        )
    return [fault.partition(": ")[2] for fault in found[:-1]]


@pytest.mark.parametrize(
    "definition",
    [
        drawn("start risk weigh end"),
        drawn("start other risk choice weigh end", "choice other"),
        drawn("start spread risk gather weigh end", "spread other gather"),
        drawn("start called weigh end", inside=within("risk")),
        drawn("start risk called end", inside=within("weigh")),
        drawn("start risk weigh choice end", "choice other weigh"),
    ],
    ids=["before", "on both ways", "beside", "in what was called", "before it was called", "in a loop"],
)
def test_a_table_may_ask_what_is_answered_on_every_way_to_it(definition):
    assert said(definition) == []


@pytest.mark.parametrize(
    "definition",
    [
        drawn("start weigh risk end"),
        drawn("start choice risk weigh end", "choice other weigh"),
        drawn("start risk end", "risk_clock weigh end"),
        drawn("start spread risk gather end", "spread weigh gather"),
        drawn("start called end", inside=within("weigh", "risk")),
        drawn("start other weigh choice risk weigh", "choice other", "choice end"),
        drawn(
            "start risk end",
            beside=branch("first")
            .replace('targetRef="branch_end"', 'targetRef="weigh"')
            .replace("</bpmn:subProcess>", WEIGH + flow("weigh", "branch_end") + "</bpmn:subProcess>"),
            tasks=("branch",),
        ),
    ],
    ids=["after", "on another way", "broken off", "beside", "later in what was called", "in a loop", "in a branch"],
)
def test_a_table_may_not_ask_what_some_case_has_not_answered(definition):
    assert said(definition) == [NOT_ANSWERED]


def test_what_ships_fits_what_ships():
    tables = {key: found.table for (key, _number), found in catalogue.tables().items()}
    for table in tables.values():
        users = [definition for definition in catalogue.shipped().values() if table.key in definition.decisions]
        assert users
        assert rules.table_misfits(table, sheets=catalogue.sheets(), tables=tables, users=users) == []


# ── What it answers ───────────────────────────────────────────────────────


def waiting(condition: str):
    """A drawing whose arrow waits for what the table answers."""
    parts = [
        node("startEvent", "start"), ASKED, WEIGH, node("exclusiveGateway", "gate", default="gate_to_end"), task("more"),
        node("endEvent", "end"), flow("start", "risk"), flow("risk", "weigh"), flow("weigh", "gate"),
        flow("gate", "more", condition), flow("gate", "end"), flow("more", "end"),
    ]  # fmt: skip
    ids = ["start", "risk", "weigh", "gate", "more", "end"]
    return read_process(file(process(*parts, lanes={"Handläggare": ["risk", "more"]}), drawn=ids), roles=ROLES, steps={})


def answering(*codes: str, kind: Kind = Kind.CODE) -> Table:
    value = {Kind.CODE: codes[0] if codes else "", Kind.NUMBER: 1, Kind.BOOLEAN: True}[kind]
    return replace(small(), outputs=(Column("way", "Väg", kind, codes),), rules=(Rule(small().rules[0].cells, (value,)),))


def test_a_new_answer_that_no_arrow_waits_for_is_told():
    definition, before = waiting("way == 'a'"), answering("a", "b")

    assert said(definition, answering("a", "b"), before) == []
    assert said(definition, answering("a", "b", "c"), before) == [
        "Ingen pil väntar på det nya svaret ”c” på ”way”: det skulle ta den förvalda vägen."
    ]
    assert said(waiting("way in ('a', 'c')"), answering("a", "b", "c"), answering("a", "b", "c")) == []


@pytest.mark.parametrize(
    ("condition", "was", "now"),
    [
        ("way &gt; 5", answering(kind=Kind.NUMBER), answering("a")),
        ("way == True", answering(kind=Kind.BOOLEAN), answering("a", "b")),
        ("way", answering(kind=Kind.BOOLEAN), answering(kind=Kind.NUMBER)),
    ],
)
def test_an_answer_that_arrows_compare_keeps_its_kind(condition, was, now):
    assert said(waiting(condition), was, was) == []
    assert said(waiting(condition), now, was) == ["Pilarna jämför ”way” som en annan sorts värde: låt sorten vara som den är."]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            Column("points", "Poäng", Kind.BOOLEAN),
            "Beslutstabellen ”small” frågar efter ”points”, som besvaras med en annan sorts värde.",
        ),
        (
            Column("points", "Poäng", Kind.NUMBER, among=Between(0, 20)),
            "Beslutstabellen ”small” känner inte till varje tal som ”points” kan vara.",
        ),
        (Column("points", "Poäng", Kind.NUMBER, among=Between(1, 10)), ""),
    ],
)
def test_a_table_knows_every_answer_that_another_table_can_give(answer, fault):
    asks = replace(small(), inputs=(Column("points", "Poäng", Kind.NUMBER, among=Between(0, 10)),))
    other = replace(small(), key="other", outputs=(answer,))
    first = node("businessRuleTask", "first", **{"camunda:decisionRef": "other"})
    parts = [node("startEvent", "start"), ASKED, first, WEIGH, node("endEvent", "end")]
    ids = ["start", "risk", "first", "weigh", "end"]
    flows = [flow(a, b) for a, b in itertools.pairwise(ids)]
    data = file(process(*parts, *flows, lanes={"Handläggare": ["risk"]}), drawn=ids)
    definition = read_process(data, roles=ROLES, steps={})

    with override("sv"):
        found = list(rules._unfit_tables(definition, catalogue.sheets(), {"small": asks, "other": other}))

    assert found == ([fault] if fault else [])
