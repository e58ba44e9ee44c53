"""The routines that ship can be asked and answered, and what the system says beforehand follows from the case."""

import datetime as dt

import pytest

from fridhem.rooms.casework.models import Step
from fridhem.rooms.processes import queries as processes
from fridhem.rooms.reviews import beforehand, catalogue
from fridhem.rooms.reviews.enums import Verdict
from tests.factories import casework
from tests.factories.reviews import ROUTINE

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 16)
ASKED = {each.name: each for each in ROUTINE.asked}


def said(case, name: str, *, today: dt.date = TODAY) -> tuple[str, str] | None:
    found = beforehand.proposed(ASKED[name], beforehand.known(case, today=today))
    return (found.answer, found.reason) if found else None


def test_every_routine_asks_of_a_process_that_is_in_force_with_grounds_and_sheets_that_exist():
    keys = {definition.key for definition in processes.in_force(on=TODAY)}
    grounds = {code.code for code in processes.grounds()}

    for routine in catalogue.routines():
        forms = {form for each in routine.asked for form in each.forms}
        assert routine.process in keys
        assert {each.ground for each in routine.asked} <= grounds
        assert all(processes.sheet(form) for form in forms)
        assert {each.fact for each in routine.asked} - {""} <= set(beforehand.FACTS)
        assert {question.codes for question in routine.sheet.questions} == {tuple(Verdict.values)}


def test_the_newest_routine_of_a_process_is_in_force_and_none_before_the_first():
    assert {each.process for each in catalogue.in_force(on=TODAY)} == {"vinr_adult", "child_investigation"}
    assert catalogue.in_force(on=dt.date(2025, 12, 31)) == []
    with pytest.raises(LookupError):
        catalogue.routine("vinr_adult", valid_from=dt.date(2020, 1, 1))


def test_a_step_done_by_its_last_day_is_in_time_and_one_after_it_is_not():
    leader = casework.leader()
    case = casework.case(by=leader)
    assert said(case, "protection_in_time", today=casework.MONDAY.date()) is None, "nobody knows yet"

    casework.do(case, "assess_protection", by=leader)
    in_time = said(case, "protection_in_time")
    Step.objects.filter(case=case, form="protection_assessment").update(missed_date=dt.date(2026, 11, 1))
    late = said(case, "protection_in_time")

    assert in_time[0] == Verdict.YES
    assert "Aktualisera och bedöma omedelbart skydd (gjort 2 november 2026, sista dag" in in_time[1]
    assert late[0] == Verdict.NO and late[1].startswith("Inte gjort i tid:")


def test_a_step_that_was_left_out_after_its_last_day_was_not_in_time():
    case = casework.case(by=casework.leader())
    step = Step.objects.filter(case=case, form="protection_assessment")

    def proposed(due: dt.date, missed: dt.date | None = None) -> str | None:
        step.update(status="lapsed", due_date=due, missed_date=missed)
        found = said(case, "protection_in_time")
        return found[0] if found else None

    assert proposed(dt.date(2026, 11, 9)) == Verdict.NO
    assert proposed(dt.date(2027, 1, 1), missed=dt.date(2026, 11, 9)) == Verdict.NO
    assert proposed(dt.date(2027, 1, 1)) is None, "the case moved on with time left"
    case.closed_on = dt.date(2026, 11, 8)
    assert proposed(dt.date(2026, 11, 9)) is None


def test_a_step_that_was_left_out_is_a_no_and_one_not_come_to_does_not_apply():
    case = casework.case(by=casework.leader())

    assert said(case, "risk_assessed") == (Verdict.NOT_APPLICABLE, "Ärendet har inte kommit till det steget.")
    Step.objects.filter(case=case).update(status="lapsed", form="risk_assessment")

    assert said(case, "risk_assessed")[0] == said(case, "steps_followed")[0] == Verdict.NO


def test_decisions_and_interventions_say_what_is_missing():
    leader = casework.leader()
    case = casework.case_at("follow_up", by=leader)
    running = case.interventions.filter(end=None)

    assert said(case, "decisions_told")[0] in {Verdict.NOT_APPLICABLE, Verdict.NO}
    running.update(follow_up_on=None)
    assert said(case, "follow_up_planned") == (Verdict.NO, "1 av 1 pågående insatser saknar dag för uppföljning.")
    running.update(follow_up_on=dt.date(2027, 1, 1))
    assert said(case, "follow_up_planned")[0] == Verdict.YES


def test_what_nobody_can_know_beforehand_is_left_to_the_reviewer():
    assert said(casework.case(by=casework.leader()), "children_seen") is None
