"""A case's way is kept as it goes: its state can be made anew, and it can be moved to another version of its process."""

import datetime as dt

import pytest

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.processes import engine
from fridhem.foundation.processes.history import Happened
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, queries, tasks
from fridhem.rooms.casework.actions import moves, way
from fridhem.rooms.casework.models import Case, Move, ProcessEvent
from fridhem.rooms.casework.queries.moves import running
from tests.factories import accounts, casework
from tests.factories.casework import MONDAY
from tests.factories.processes import NEXT, NUMBER, changed, redrawn, unbranched
from tests.rooms.processes.test_processes import published

pytestmark = pytest.mark.django_db
LATER = MONDAY + dt.timedelta(days=3)


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


def steps(case: Case, status: str = "open") -> list[tuple]:
    return list(queries.steps(case).filter(status=status).order_by("node").values_list("node", "due_date"))


def moved(petra, *, old: int = NUMBER, new: int = NEXT, **given) -> Move:
    """Ordered, checked, confirmed and carried out."""
    move = moves.order(key="vinr_adult", old=old, new=new, by=petra, at=LATER, **given)
    move = moves.check(move.pk, at=LATER)
    if not move.fits:
        return move
    moves.confirm(move, by=petra, at=LATER)
    return moves.carry_out(move.pk, at=LATER)


# ── What happened ─────────────────────────────────────────────────────────


def test_everything_that_moves_a_case_is_kept(lena):
    case = casework.case_at("propose", by=lena)
    actions.let_time_pass(case, at=MONDAY + dt.timedelta(days=60))

    kept = case.process_events.values_list("number", "version", "what", "node", "answers", "by")

    assert list(kept) == [
        (1, NUMBER, "started", "", {"age_group": "adult"}, lena.pk),
        (2, NUMBER, "done", "assess_protection", {"assessment": "investigate"}, lena.pk),
        (3, NUMBER, "done", "map_violence", {}, lena.pk),
        (4, NUMBER, "done", "assess_risk", {}, lena.pk),
        (5, NUMBER, "time_passed", "", {}, None),
    ]


def test_time_that_moves_nothing_is_not_kept(lena):
    case = casework.case(by=lena)

    for days in (0, 1, 60, 61):
        actions.let_time_pass(case, at=MONDAY + dt.timedelta(days=days))

    kept = [(event.what, (event.at - MONDAY).days) for event in case.process_events.all()]
    assert kept == [(Happened.STARTED, 0), (Happened.TIME_PASSED, 60)]  # the clock on the first step goes off once


def test_a_lost_state_is_made_anew_with_the_same_steps(lena):
    case = casework.case_at("assess_risk", by=lena)
    before, rows = steps(case), set(queries.steps(case).values_list("pk", flat=True))
    Case.objects.filter(pk=case.pk).update(state={})
    case.refresh_from_db()

    way.rebuild(case, by=None, at=LATER)

    assert (steps(case), set(queries.steps(case).values_list("pk", flat=True))) == (before, rows)
    assert Entry.objects.filter(verb="casework.case.rebuilt", subject=case.pk).count() == 1
    casework.do(case, "assess_risk", by=lena)


def test_a_case_without_a_history_stays(lena, petra):
    case = casework.case(by=lena)
    ProcessEvent.objects.filter(case=case).delete()
    published(petra, lena)

    move = moved(petra)

    assert move.stuck == [[case.number, "Ärendet har ingen historik över sin process: det stannar på den version det har."]]


def test_an_event_begins_its_branch_and_is_kept(lena):
    case = casework.case_at("propose", by=lena)

    assert actions.raise_event(case, "danger", by=lena, at=LATER)
    assert not actions.raise_event(case, "danger", by=lena, at=LATER), "it's being done already"
    assert not actions.raise_event(case, "flood", by=lena, at=LATER)
    case.refresh_from_db()

    (last,) = case.process_events.filter(what=Happened.RAISED)
    assert (last.event, last.node, last.by, last.at) == ("danger", "", lena, LATER)
    assert [node for node, _due in steps(case)] == ["propose", "protect_now"]
    before, task = steps(case), queries.steps(case).get(node="protect_now", status="open").pk
    way.rebuild(case, by=None, at=LATER)
    assert (steps(case), queries.steps(case).get(node="protect_now", status="open").pk) == (before, task)


def test_a_case_is_closed_when_its_branch_is_done_too_for_the_reason_that_was_given(lena):
    case = casework.case(by=lena)
    actions.raise_event(case, "danger", by=lena, at=MONDAY)
    casework.do(case, "assess_protection", by=lena, protection="none", assessment="decline")
    casework.do(case, "close_without", by=lena, closing_reason="no_investigation")
    case.refresh_from_db()
    assert (case.status, [node for node, _due in steps(case)]) == ("open", ["protect_now"])

    casework.do(case, "protect_now", by=lena, acute_protection="arranged", leader_reached="yes")

    case.refresh_from_db()
    assert (case.status, case.closing_reason) == ("closed", "no_investigation")


def test_a_case_with_something_granted_beside_its_end_is_closed_with_the_last_of_that(lena):
    case = casework.case(by=lena)
    actions.raise_event(case, "danger", by=lena, at=MONDAY)
    casework.do(case, "assess_protection", by=lena, protection="none", assessment="decline")
    casework.do(case, "close_without", by=lena, closing_reason="no_investigation")
    granted = actions.grant_intervention(case, by=lena, at=MONDAY, kind="protected_housing", reasons=["physical_violence"])

    casework.do(case, "protect_now", by=lena, acute_protection="arranged", leader_reached="yes")

    case.refresh_from_db()
    assert (case.status, steps(case), way.is_finished(case)) == ("open", [], True)
    assert list(queries.to_follow_up(lena, today=MONDAY.date() + dt.timedelta(days=400))) == [granted]
    actions.end_intervention(granted, by=lena, at=LATER, end=LATER.date(), outcome="met")
    case.refresh_from_db()
    assert (case.status, case.closing_reason, case.closed_on) == ("closed", "no_investigation", LATER.date())


def test_what_was_granted_ends_without_ending_a_case_that_goes_on(lena):
    case = casework.case_at("propose", by=lena)
    granted = actions.grant_intervention(case, by=lena, at=MONDAY, kind="support_talks", reasons=["physical_violence"])

    actions.end_intervention(granted, by=lena, at=LATER, end=LATER.date(), outcome="met")

    case.refresh_from_db()
    assert case.status == "open"


def test_a_danger_is_told_also_when_the_state_can_not_be_read(lena):
    case = casework.case_at("propose", by=lena)
    Case.objects.filter(pk=case.pk).update(state={})

    assert actions.raise_event(case, "danger", by=lena, at=LATER)

    assert [node for node, _due in steps(case)] == ["propose", "protect_now"]
    assert Entry.objects.filter(verb="casework.case.rebuilt", subject=case.pk).count() == 1


# ── To another version ────────────────────────────────────────────────────


def test_cases_that_fit_are_moved_and_keep_what_was_done(lena, petra):
    first, second = casework.case(by=lena), casework.case_at("propose", by=lena)
    closed = casework.case(by=lena)
    actions.close_case(closed, by=lena, at=MONDAY, reason="moved")
    published(petra, lena, changed(assess_protection="PT48H", propose="P10W"))

    move = moved(petra)

    assert (move.total, move.fits, move.moved, move.stuck, move.status) == (2, 2, 2, [], "done")
    for case in (first, second, closed):
        case.refresh_from_db()
    assert [case.process_version for case in (first, second, closed)] == [NEXT, NEXT, NUMBER]
    assert steps(first) == [("assess_protection", dt.date(2026, 11, 4))]  # two days from Monday, not from the move
    assert steps(second) == [("propose", dt.date(2027, 1, 11))]
    assert len(steps(second, "done")) == 3
    assert [event.what for event in second.process_events.all()][-1] == Happened.MOVED
    assert Entry.objects.filter(verb="casework.case.moved").count() == 2
    casework.do(second, "propose", by=lena, at=LATER)


def test_a_branch_goes_on_in_a_new_version_and_holds_a_case_back_from_one_without_it(lena, petra):
    case = casework.case(by=lena)
    actions.raise_event(case, "danger", by=lena, at=MONDAY)
    published(petra, lena)
    published(petra, lena, unbranched())
    before = steps(case)

    onwards = moved(petra)
    further = moved(petra, old=NEXT, new=NEXT + 1)

    assert (onwards.fits, onwards.moved) == (1, 1)
    assert further.stuck == [[case.number, "Något som har påbörjats i ärendet finns inte i den nya versionen."]], "not what"
    assert [node for node, _due in steps(case)] == [node for node, _due in before] == ["assess_protection", "protect_now"]


def test_a_case_that_does_not_fit_stays_and_says_why(lena, petra):
    early, late = casework.case(by=lena), casework.do(casework.case_at("map_violence", by=lena), "map_violence", by=lena)
    published(petra, lena, redrawn(map_violence="describe_violence"))

    move = moved(petra)

    assert (move.total, move.fits, move.moved) == (2, 1, 1)
    assert move.stuck == [[late.number, "Den nya versionen har inget ”Kartlägga våldet”, som är gjort i ärendet."]]
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.process_version, late.process_version) == (NEXT, NUMBER)
    casework.do(late, "assess_risk", by=lena)


def test_a_step_that_has_another_name_is_followed(lena, petra):
    done, waiting = casework.case_at("map_violence", by=lena), casework.case_at("map_violence", by=lena)
    casework.do(done, "map_violence", by=lena)
    published(petra, lena, redrawn(map_violence="describe_violence"))

    rows = set(queries.steps(waiting).values_list("pk", "opened_at"))

    move = moved(petra, renames={"map_violence": "describe_violence"})

    assert set(queries.steps(waiting).values_list("pk", "opened_at")) == rows
    assert (move.fits, move.moved) == (2, 2)
    assert [node for node, _due in steps(waiting)] == ["assess_risk", "describe_violence"]
    assert [node for node, _due in steps(done)] == ["assess_risk"]
    for case in (done, waiting):
        case.refresh_from_db()
        way.rebuild(case, by=None, at=LATER)
        assert engine.open_tasks(way.of(case), case.state)


def test_one_case_can_be_moved_alone(lena, petra):
    case, other = casework.case(by=lena), casework.case(by=lena)
    published(petra, lena)

    move = moved(petra, only=f" {case.number.lower()} ")

    assert (move.total, move.moved) == (1, 1)
    other.refresh_from_db()
    assert other.process_version == NUMBER


def test_nothing_is_moved_before_it_has_been_checked_or_twice(lena, petra):
    case = casework.case(by=lena)
    published(petra, lena)
    move = moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER)

    with pytest.raises(NotNow, match="prövas eller flyttas redan"):
        moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER)
    with pytest.raises(NotNow):
        moves.confirm(move, by=petra, at=LATER)
    moves.carry_out(move.pk, at=LATER)
    case.refresh_from_db()
    assert case.process_version == NUMBER

    moves.check(move.pk, at=LATER)
    moves.confirm(move, by=petra, at=LATER)
    for _ in range(2):
        moves.carry_out(move.pk, at=LATER)

    assert case.process_events.filter(what="moved").count() == 1


def test_a_case_that_was_closed_meanwhile_is_left(lena, petra):
    case = casework.case(by=lena)
    published(petra, lena)
    move = moves.check(moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER).pk, at=LATER)
    moves.confirm(move, by=petra, at=LATER)
    actions.close_case(case, by=lena, at=LATER, reason="moved")

    move = moves.carry_out(move.pk, at=LATER)

    assert (move.moved, move.stuck) == (0, [])


def test_only_the_process_owner_moves_and_only_to_steps_that_are(lena, petra):
    published(petra, lena, redrawn(map_violence="describe_violence"))

    with pytest.raises(Denied):
        moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=lena, at=LATER)
    with pytest.raises(NotNow, match="Välj för varje steg"):
        moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER, renames={"map_violence": "start"})
    with pytest.raises(NotNow, match="redan på den versionen"):
        moves.order(key="vinr_adult", old=NUMBER, new=NUMBER, by=petra, at=LATER)
    with pytest.raises(KeyError):
        moves.order(key="vinr_adult", old=NUMBER, new=NEXT + 1, by=petra, at=LATER)


def test_the_worker_reaches_what_it_needs_and_nothing_else_does(lena, petra, behind_walls):
    case = casework.case(by=lena)
    published(petra, lena)
    move = moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER)

    with behind_walls("fridhem_worker"):
        assert tasks.check_move(str(move.pk)) == "checked"
    moves.confirm(move, by=petra, at=LATER)
    with behind_walls("fridhem_worker"):
        assert tasks.carry_out_move(str(move.pk)) == "done"

    case.refresh_from_db()
    assert case.process_version == NEXT
    with behind_walls(), accounts.at_work(petra):
        assert (Case.objects.count(), ProcessEvent.objects.count(), Move.objects.count()) == (0, 0, 1)
        assert [(one.version, one.count) for one in running()] == [(NEXT, 1)]
    with behind_walls(), accounts.at_work(lena):
        assert (Move.objects.count(), running()) == (0, [])


def test_what_a_dead_worker_had_moved_is_counted_once(lena, petra, monkeypatch):
    for _ in range(3):
        casework.case(by=lena)
    published(petra, lena)
    move = moves.check(moves.order(key="vinr_adult", old=NUMBER, new=NEXT, by=petra, at=LATER).pk, at=LATER)
    moves.confirm(move, by=petra, at=LATER)
    told = moves._told

    def dies(move, case, why):
        told(move, case, why)
        if move.seen == 2:
            raise SystemExit

    monkeypatch.setattr(moves, "_told", dies)
    with pytest.raises(SystemExit):
        moves.carry_out(move.pk, at=LATER)
    monkeypatch.setattr(moves, "_told", told)

    move = moves.carry_out(move.pk, at=LATER)

    assert (move.moved, move.staying, move.status) == (3, 0, "done")
