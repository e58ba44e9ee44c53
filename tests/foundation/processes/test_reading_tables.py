"""A decision table is read strictly from DMN, and every fault is told with its rule and row."""

import pytest
from django.utils import translation

from fridhem.foundation.processes.faults import BadTable
from fridhem.foundation.processes.tables import read_table
from fridhem.pure.decisions.deciding import decide
from fridhem.pure.decisions.table import Policy

RISK = ("risk", "string", '"low","high"')
AGE = ("age", "integer", "[0..120]")
ROWS = (('"high"', "-", '"now"'), ('"low"', "< 18", '"soon"'), ('"low"', ">= 18", '"later"'))


def dmn(*rows, inputs=(RISK, AGE), policy="UNIQUE", default="", extra="", key="urgency", year="20191111/MODEL/") -> bytes:
    asked = "".join(
        f'<input id="i{n}" label="{name}"><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>'
        f"<inputValues><text>{values}</text></inputValues></input>"
        for n, (name, kind, values) in enumerate(inputs)
    )
    entries = "".join(
        "<rule>\n"
        + "".join(f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>" for cell in row[:-1])
        + f"<outputEntry><text>{row[-1]}</text></outputEntry></rule>"
        for row in rows
    )
    otherwise = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/{year}" xmlns:camunda="http://camunda.org/schema/1.0/dmn">'
        f'<decision id="{key}" name="Hur fort?" camunda:versionTag="3">{extra}<decisionTable hitPolicy="{policy}">{asked}'
        f'<output name="when" label="När" typeRef="string"><outputValues><text>"now","soon","later"</text></outputValues>'
        f"{otherwise}</output>{entries}</decisionTable></decision></definitions>"
    ).encode()


def faults(data: bytes) -> tuple[str, ...]:
    with translation.override("sv"), pytest.raises(BadTable) as refused:
        read_table(data)
    return refused.value.faults


@pytest.mark.parametrize("year", ["20180521/MODEL/", "20191111/MODEL/", "20230324/MODEL/"])
def test_a_table_is_read_as_data(year):
    table, version = read_table(dmn(*ROWS, year=year))

    assert (table.key, table.name, table.policy, version) == ("urgency", "Hur fort?", Policy.UNIQUE, 3)
    assert [column.name for column in (*table.inputs, *table.outputs)] == ["risk", "age", "when"]
    assert decide(table, {"risk": "low", "age": 17}) == {"when": "soon"}
    assert table.rules[0].written == ('"high"', "-", '"now"')


@pytest.mark.parametrize("tag", ["1" * 5_000, "٣", "3.1", ""])
def test_a_version_that_is_no_number_is_the_first(tag):
    assert read_table(dmn(*ROWS).replace(b'versionTag="3"', f'versionTag="{tag}"'.encode()))[1] == 1


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (dmn(*ROWS[:2]), "Ingen regel gäller för risk = low, age = 18: lägg till en, eller ett förvalt svar."),
        (
            dmn(*ROWS, ("-", "[0..3]", '"now"')),
            "Reglerna 1 och 4 gäller båda för risk = high, age = 0: ändra den ena, eller välj FIRST.",
        ),
        (dmn(*ROWS, ('"high"', "3", '"now"'), policy="FIRST"), "Regel 4 gäller aldrig: ta bort den, eller ändra den."),
        (dmn(*ROWS, ("-", "-", '"soon"'), policy="ANY"), "Reglerna 1 och 4 gäller båda"),
        (dmn(*ROWS, policy="COLLECT"), "Träffregeln är COLLECT: välj UNIQUE, FIRST eller ANY."),
        (dmn(('"critical"', "-", '"now"')), "Regel 1 (rad 2), ”risk”: ”critical” finns inte bland kolumnens värden."),
        (dmn(("-", 'date("2026-01-01")', '"now"')), '”age”: ”date("2026-01-01")” går inte att läsa'),
        (dmn(("-", "__import__('os')", '"now"')), "går inte att läsa"),
        (dmn(("-", '"3"', '"now"')), "är av en annan sort än kolumnen"),
        (dmn(("-", "[5..1]", '"now"')), "innehåller inget tal"),
        (dmn(("-", "-", '"never"')), "”När”: ”never” finns inte bland kolumnens värden."),
        (dmn(("-", "-", "risk")), "går inte att läsa"),
        (dmn(("-", '"now"')), "Regel 1 (rad 1) saknar en cell, eller har en för mycket."),
        (dmn(*ROWS, inputs=(RISK, ("age", "date", ""))), "har typen ”date”: välj string (en kod), integer eller boolean."),
        (dmn(*ROWS, inputs=(("risk", "string", ""), AGE)), "räknar inte upp sina koder"),
        (
            dmn(*ROWS, inputs=(("risk.level", "string", '"low","high"'), AGE)),
            "frågar efter ”risk.level”: skriv namnet på ett svar.",
        ),
        (dmn(*ROWS, inputs=(RISK, ("risk", "integer", ""))), "Namnet ”risk” används två gånger."),
        (dmn(*ROWS).replace('label="När"'.encode(), b'label="age"'), "Rubriken ”age” används två gånger"),
        (dmn(*ROWS, key="å"), "Beslutet har id ”å”"),
        (dmn(*ROWS[:2], default='"never"'), "Förvalt svar i ”När”: ”never” finns inte"),
        (dmn(*ROWS, extra="<literalExpression><text>1+1</text></literalExpression>"), "”literalExpression” på rad 1 stöds inte"),
        (dmn(), "Den har 0 regler: det ska vara 1 till 100."),
        (b"<a/>", "Filen är inte DMN"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "anger en dokumenttyp eller entiteter"),
        (b"<", "är inte hel XML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data, fault):
    found = faults(data)

    assert any(fault in one for one in found), found


def test_a_default_answers_what_no_rule_does():
    table, _version = read_table(dmn(ROWS[0], default='"later"'))

    assert decide(table, {"risk": "low", "age": 3}) == {"when": "later"}
    assert decide(table, {"risk": "high", "age": 3}) == {"when": "now"}


def test_a_table_too_large_to_be_checked_is_told():
    many = ",".join(f'"v{n}"' for n in range(60))
    inputs = tuple((f"c{n}", "string", many) for n in range(3))

    assert "216000 sorters fall" in faults(dmn(("-", "-", "-", '"now"'), inputs=inputs))[0]
