"""What statistics sees of casework."""

import datetime as dt

import pytest

from fridhem.rooms.casework import actions, facts
from fridhem.rooms.casework.enums import AgeGroup
from tests.factories import casework

pytestmark = pytest.mark.django_db

LAST_YEAR = casework.MONDAY - dt.timedelta(days=365)


def test_granted_reasons_are_counted_by_codes():
    leader = casework.leader()
    first = casework.case(by=leader, district="norra")
    second = casework.case(by=leader, district="norra")
    child = casework.case(by=leader, at=LAST_YEAR, district="bruket", age_group="child")
    talks = {"by": leader, "kind": "support_talks"}
    actions.grant_intervention(first, **talks, at=casework.MONDAY, reasons=["physical_violence", "economic_violence"])
    actions.grant_intervention(second, **talks, at=casework.MONDAY, reasons=["physical_violence"])
    actions.grant_intervention(child, **talks, at=LAST_YEAR, reasons=["neglect"])

    assert list(facts.granted_reasons()) == [
        ("support_talks", "economic_violence", "adult", "norra", 2026, 1),
        ("support_talks", "neglect", "child", "bruket", 2025, 1),
        ("support_talks", "physical_violence", "adult", "norra", 2026, 2),
    ]


def test_counting_is_two_questions_to_the_database(django_assert_num_queries):
    leader = casework.leader()
    for _ in range(3):
        case = casework.case(by=leader)
        actions.grant_intervention(case, by=leader, at=casework.MONDAY, kind="support_talks", reasons=["neglect"])

    with django_assert_num_queries(2):
        assert [fact.n for fact in facts.granted_reasons()] == [3]


def test_every_code_has_its_place_in_a_dimension():
    intervention, reason, age_group, district, year = facts.dimensions([2025, 2026])

    assert intervention.codes[0] == "Total"
    assert "phone_support" in intervention.codes  # no longer granted, but years before are counted
    assert reason.label("post_separation_violence", "en") == "Exposed to post-separation violence"
    assert [age_group.label(code, language) for code in AgeGroup.values for language in ("sv", "en")] == [
        "Barn", "Child", "Vuxen", "Adult",
    ]  # fmt: skip
    assert district.label("vastra") == "Västra byarna"
    assert year.codes == ("Total", "2025", "2026")
