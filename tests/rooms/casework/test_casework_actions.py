"""What can be done with a case: who may, when, and what is written down."""

import datetime as dt
import threading
from contextvars import copy_context

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.processes import engine
from fridhem.pure.codes.code_list import UnknownCode
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, queries, rules, tasks
from fridhem.rooms.casework.actions import people, way
from fridhem.rooms.casework.models import Case, Intervention, Step
from fridhem.rooms.processes import queries as processes
from tests.factories import accounts, casework, persons
from tests.factories.processes import NUMBER

pytestmark = pytest.mark.django_db

MONDAY = casework.MONDAY
TODAY = MONDAY.date()
LONG_AGO = MONDAY.replace(year=2022)
DAY = dt.timedelta(days=1)


def nodes(case: Case, status: str = "open") -> list[str]:
    return list(queries.steps(case).filter(status=status).values_list("node", flat=True))


def verbs(subject) -> list[str]:
    return sorted(Entry.objects.filter(subject=subject.pk).values_list("verb", flat=True))


# ── Open ──────────────────────────────────────────────────────────────────


def test_a_case_is_opened_at_the_first_step_of_its_process():
    mona, vera = accounts.user(Role.RECEPTION), accounts.user(Role.CASEWORKER)
    person = persons.person()

    case = actions.open_case(
        by=mona, at=MONDAY, district="norra", person_id=person.pk, unit=casework.unit(), team=[vera], summary="Ringde själv."
    )

    step = queries.steps(case).get()
    assert (case.process_key, case.process_version, case.status, case.opened_on) == ("vinr_adult", NUMBER, "open", TODAY)
    assert (case.person, case.unit, case.age_group) == (person, casework.unit(), "adult")
    assert (step.node, step.role, step.due_date, step.ground) == (
        "assess_protection", "reception", dt.date(2026, 11, 3), "immediate_protection",
    )  # fmt: skip
    assert {place.user for place in queries.team(case)} == {mona, vera}
    assert [(note.kind, note.text) for note in queries.journal(case)] == [("concern", "Ringde själv.")]
    assert verbs(case) == ["casework.case.opened"]


def test_a_case_number_tells_nothing():
    numbers = {casework.case().number for _ in range(20)}

    assert len(numbers) == 20
    assert all(number[:2] == "V-" and set(number[2:]) <= set(rules.NUMBER_SIGNS) for number in numbers)


@pytest.mark.parametrize("district", ["", "Mars", "centrum "])
def test_a_district_that_is_not_in_the_list_is_refused(district):
    with pytest.raises(UnknownCode):
        casework.case(district=district)
    assert not Case.objects.exists()


# ── Steps ─────────────────────────────────────────────────────────────────


def test_the_whole_way_from_concern_to_closing():
    leader = casework.leader()
    case = casework.case_at("follow_up", by=leader)

    assert nodes(case) == ["follow_up"]
    assert casework.open_step(case, "follow_up").due_date == dt.date(2027, 2, 2)
    case = casework.do(case, "follow_up", by=leader, follow_up="new_decision")
    case = casework.do(case, "decide", by=leader, decision="supplement")
    case = casework.do(case, "propose", by=leader)
    case = casework.do(case, "decide", by=leader)
    case = casework.do(case, "follow_up", by=leader, follow_up="finish")
    intervention = queries.interventions(case).get()
    actions.end_intervention(intervention, by=leader, at=MONDAY, end=TODAY, outcome="partly_met")
    case = casework.do(case, "close", by=leader, closing_reason="finished")

    case.refresh_from_db()
    assert (case.status, case.closed_on, case.closing_reason) == ("closed", TODAY, "finished")
    assert nodes(case) == []
    assert verbs(case) == ["casework.case.closed", "casework.case.opened"]


def test_a_step_keeps_who_when_what_and_why():
    leader = casework.leader()
    case = casework.case(by=leader)

    casework.do(case, "assess_protection", by=leader, text="Inget skydd behövs i natt.", protection="none")

    step = queries.steps(case).get(node="assess_protection")
    assert (step.status, step.done_at, step.done_by) == ("done", MONDAY, leader)
    assert step.answers == {"protection": "none", "assessment": "investigate"}
    assert [(note.kind, note.text, note.step) for note in queries.journal(case)] == [
        ("assessment", "Inget skydd behövs i natt.", step)
    ]
    assert verbs(step) == ["casework.step.done"]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"protection": "none"},
        {"protection": "none", "assessment": "perhaps"},
        {"protection": "none", "assessment": "decline", "more": "x"},
        {"protection": "Anna Andersson", "assessment": "decline"},
    ],
)
def test_a_step_is_not_done_without_an_answer_to_each_question(answers):
    case = casework.case(by=casework.leader())
    step = casework.open_step(case, "assess_protection")

    with pytest.raises(rules.AnswerMissing):
        actions.complete_step(step, by=casework.leader(), at=MONDAY, answers=answers)
    assert nodes(case) == ["assess_protection"]


def test_a_decision_to_grant_grants_something():
    leader = casework.leader()
    case = casework.case_at("decide", by=leader)

    with pytest.raises(NotNow):
        casework.do(case, "decide", by=leader, decision="granted")
    assert nodes(case) == ["decide"]


def test_a_case_is_not_closed_while_an_intervention_runs():
    leader = casework.leader()
    case = casework.case_at("close", by=leader)

    with pytest.raises(NotNow):
        casework.do(case, "close", by=leader)
    with pytest.raises(NotNow):
        actions.close_case(case, by=leader, at=MONDAY, reason="moved")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does_the_step_and_the_other_is_told():
    leader = casework.leader()
    case = casework.case(by=leader)
    step = casework.open_step(case, "assess_protection")
    start, answers, told = threading.Barrier(2), casework.ANSWERS["assess_protection"], []

    def work():
        start.wait()
        try:
            actions.complete_step(step, by=leader, at=MONDAY, answers=answers, text="Skrivet.")
            told.append("done")
        except actions.AlreadyDone as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    workers = [threading.Thread(target=copy_context().run, args=(work,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(told) == 2
    assert told.count("done") == 1
    assert any(leader.name in one for one in told)
    assert queries.journal(case).count() == 1
    assert Entry.objects.filter(verb="casework.step.done", subject=step.pk).count() == 1


def test_a_time_limit_that_passed_gives_the_leader_a_step():
    leader = casework.leader()
    case = casework.case_at("propose", by=leader)
    due = casework.open_step(case, "propose").due_date

    on_the_day = actions.let_time_pass(case, at=dt.datetime.combine(due, dt.time(12), MONDAY.tzinfo))
    assert nodes(on_the_day) == ["propose"]
    for _ in range(2):
        case = actions.let_time_pass(case, at=dt.datetime.combine(due, dt.time(12), MONDAY.tzinfo) + dt.timedelta(days=1))

    assert sorted(nodes(case)) == ["extend", "propose"]
    assert casework.open_step(case, "extend").role == Role.TEAM_LEADER


def test_the_cases_whose_limits_have_passed_are_found():
    leader = casework.leader()
    late, _in_time = casework.case(by=leader), casework.case(by=leader, at=MONDAY + dt.timedelta(days=30))

    assert list(queries.with_timers_before(TODAY + dt.timedelta(days=5))) == [late]


def test_every_morning_the_clock_looks_at_what_is_late():
    leader = casework.leader()
    case = casework.case_at("propose", by=leader, at=MONDAY.replace(year=2025))

    assert tasks.let_time_limits_pass(timestamp=0) == 1

    assert sorted(nodes(case)) == ["extend", "propose"]


def test_a_case_that_the_clock_can_not_move_does_not_stop_the_others(caplog):
    leader, long_ago = casework.leader(), MONDAY.replace(year=2025)
    broken = casework.case_at("propose", by=leader, at=long_ago, number="V-AAAAA", summary="Hemlig oro")
    case = casework.case_at("propose", by=leader, at=long_ago, number="V-BBBBB")
    Case.objects.filter(pk=broken.pk).update(process_version=99)

    with pytest.raises(tasks.CasesLeftBehind, match="1 of 2"):
        tasks.let_time_limits_pass(timestamp=0)

    assert sorted(nodes(case)) == ["extend", "propose"]
    assert nodes(broken) == ["propose"]
    [line] = [line.getMessage() for line in caplog.records if line.name.startswith("fridhem")]
    assert line == f"casework.let_time_pass failed: case {broken.pk}, KeyError"


def test_the_rows_of_steps_can_be_rebuilt_from_the_state():
    case = casework.case_at("propose", by=casework.leader())
    case.refresh_from_db()
    definition = processes.definition(case.process_key, case.process_version)

    open_tasks = engine.open_tasks(definition, case.state)

    rows = queries.steps(case).filter(status="open").values_list("task", "node", "due_date")
    assert list(rows) == [(task.id, task.node.id, task.due) for task in open_tasks]


def test_a_step_interrupted_by_the_process_is_no_longer_needed():
    leader = casework.leader()
    case = casework.case(by=leader)
    step = casework.open_step(case, "assess_protection")
    actions.close_case(case, by=leader, at=MONDAY, reason="moved")

    step.refresh_from_db()
    assert step.status == "lapsed"
    with pytest.raises(actions.AlreadyDone):
        actions.complete_step(step, by=leader, at=MONDAY, answers=casework.ANSWERS["assess_protection"])


# ── Interventions ─────────────────────────────────────────────────────────


def test_an_intervention_has_its_reasons_and_dates():
    leader = casework.leader()
    case = casework.case()

    granted = actions.grant_intervention(
        case,
        by=leader,
        at=MONDAY,
        kind="support_talks",
        reasons=["neglect", "economic_violence", "neglect"],
        start=dt.date(2026, 11, 9),
    )

    assert (granted.kind, granted.decided_on, granted.decided_by, granted.start) == (
        "support_talks", TODAY, leader, dt.date(2026, 11, 9),
    )  # fmt: skip
    assert [reason.code for reason in granted.reasons.all()] == ["economic_violence", "neglect"]
    assert verbs(granted) == ["casework.intervention.granted"]


@pytest.mark.parametrize(
    ("kind", "reasons", "decided_on"),
    [
        ("nonsense", ["neglect"], TODAY),
        ("support_talks", ["nonsense"], TODAY),
        ("support_talks", ["neglect", "nonsense"], TODAY),
        ("phone_support", ["neglect"], TODAY),  # ended 2024-12-31
        ("support_talks", ["other_violence"], dt.date(2026, 1, 1)),  # ended 2025-12-31
        ("personal_contact", ["neglect"], dt.date(2024, 12, 31)),  # began 2025-01-01
        ("support_talks", ["post_separation_violence"], dt.date(2023, 12, 31)),  # began 2024-01-01
        ("support_talks", ["neglect"], dt.date(2021, 12, 31)),
    ],
)
def test_a_code_that_is_not_valid_on_the_day_of_decision_is_refused(kind, reasons, decided_on):
    case = casework.case(at=LONG_AGO)
    Case.objects.update(opened_on=dt.date(2021, 1, 1))  # before any code list

    with pytest.raises(UnknownCode):
        actions.grant_intervention(case, by=casework.leader(), at=MONDAY, kind=kind, reasons=reasons, decided_on=decided_on)
    assert not Intervention.objects.exists()


@pytest.mark.parametrize(
    ("kind", "reason", "decided_on"),
    [
        ("phone_support", "neglect", dt.date(2024, 12, 31)),
        ("support_talks", "other_violence", dt.date(2025, 12, 31)),
        ("personal_contact", "post_separation_violence", dt.date(2025, 1, 1)),
    ],
)
def test_a_code_is_accepted_on_the_first_and_the_last_day(kind, reason, decided_on):
    granted = actions.grant_intervention(
        casework.case(at=LONG_AGO), by=casework.leader(), at=MONDAY, kind=kind, reasons=[reason], decided_on=decided_on
    )

    assert granted.decided_on == decided_on


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"decided_on": TODAY + DAY}, "hasn't come yet"),
        ({"decided_on": TODAY - 8 * DAY}, "before the case was opened"),
        ({"start": TODAY - 8 * DAY}, "before the case was opened"),
        ({"decided_on": TODAY - 8 * DAY, "start": TODAY}, "before the case was opened"),
    ],
)
def test_an_intervention_is_decided_within_the_time_of_the_case(days, says):
    case = casework.case(at=MONDAY - 7 * DAY)

    with override("en"), pytest.raises(NotNow, match=says):
        actions.grant_intervention(case, by=casework.leader(), at=MONDAY, kind="support_talks", reasons=["neglect"], **days)
    assert not Intervention.objects.exists()


@pytest.mark.parametrize(
    "days",
    [
        {"start": TODAY + 30 * DAY},
        {"start": TODAY - 7 * DAY},
        {"decided_on": TODAY - 7 * DAY},
        {"decided_on": TODAY, "start": TODAY - DAY},
    ],
)
def test_an_intervention_may_begin_later_or_have_begun_since_the_case_was_opened(days):
    case = casework.case(at=MONDAY - 7 * DAY)

    assert actions.grant_intervention(case, by=casework.leader(), at=MONDAY, kind="support_talks", reasons=["neglect"], **days)


def test_without_a_reason_nothing_is_granted():
    with pytest.raises(NotNow):
        actions.grant_intervention(casework.case(), by=casework.leader(), at=MONDAY, kind="support_talks", reasons=[])


def test_nothing_is_done_in_a_closed_case():
    leader = casework.leader()
    case = actions.close_case(casework.case(by=leader), by=leader, at=MONDAY, reason="moved")

    with pytest.raises(rules.CaseClosed):
        actions.grant_intervention(case, by=leader, at=MONDAY, kind="support_talks", reasons=["neglect"])
    with pytest.raises(rules.CaseClosed):
        actions.write_note(case, by=leader, at=MONDAY, text="x")
    with pytest.raises(rules.CaseClosed):
        actions.close_case(case, by=leader, at=MONDAY, reason="moved")
    assert nodes(actions.let_time_pass(case, at=MONDAY + dt.timedelta(days=400))) == []


def test_an_intervention_ends_once_and_after_it_began():
    leader = casework.leader()
    granted = actions.grant_intervention(casework.case(), by=leader, at=MONDAY, kind="support_talks", reasons=["neglect"])

    with pytest.raises(NotNow):
        actions.end_intervention(granted, by=leader, at=MONDAY, end=TODAY - dt.timedelta(days=1), outcome="met")
    ended = actions.end_intervention(granted, by=leader, at=MONDAY, end=TODAY, outcome="met")
    with pytest.raises(NotNow):
        actions.end_intervention(ended, by=leader, at=MONDAY, end=TODAY, outcome="not_met")

    assert (ended.end, ended.outcome) == (TODAY, "met")


# ── Who may: one table ────────────────────────────────────────────────────

WHO = {
    "member caseworker": lambda case: _member(case, Role.CASEWORKER),
    "member reception": lambda case: _member(case, Role.RECEPTION),
    "member leader of another unit": lambda case: _member(case, Role.TEAM_LEADER),
    "leader of the unit": lambda case: casework.leader(),
    "leader of another unit": lambda case: accounts.user(Role.TEAM_LEADER),
    "colleague outside the team": lambda case: accounts.user(Role.CASEWORKER, unit=casework.unit()),
    "member who has left": lambda case: _member(case, Role.CASEWORKER, is_active=False),
    "strategist in the team": lambda case: _member(case, Role.STRATEGIST),
    "administrator": lambda case: accounts.user(Role.ADMINISTRATOR, unit=casework.unit()),
}
LEADS = {"leader of the unit"}
KNOWS = {"member caseworker", "member reception", "member leader of another unit", "leader of the unit"}


def _member(case, role, **since):
    """Someone who came into the team as a caseworker; `since` and `role` are what has become of them."""
    user = accounts.user()
    actions.assign(case, by=casework.leader(), at=MONDAY, user=user)
    for name, value in {"role": role, **since}.items():
        setattr(user, name, value)
    user.save()
    return user


def _do(case, user, node, **answers):
    casework.do(case, node, by=user, **answers)


def _end(case, user):
    granted = actions.grant_intervention(case, by=casework.leader(), at=MONDAY, kind="support_talks", reasons=["neglect"])
    actions.end_intervention(granted, by=user, at=MONDAY, end=granted.start, outcome="met")


DOES = {
    "read": (KNOWS, lambda case, user: actions.read_case(case, by=user, at=MONDAY)),
    "read a step": (KNOWS, lambda case, user: actions.read_step(queries.steps(case).first(), by=user, at=MONDAY)),
    "write a note": (KNOWS, lambda case, user: actions.write_note(case, by=user, at=MONDAY, text="x")),
    "do the reception's step": (
        {"member reception", "leader of the unit"},
        lambda case, user: _do(case, user, "assess_protection"),
    ),
    "grant": (
        LEADS,
        lambda case, user: actions.grant_intervention(case, by=user, at=MONDAY, kind="support_talks", reasons=["neglect"]),
    ),
    "end an intervention": (KNOWS, lambda case, user: _end(case, user)),
    "assign": (LEADS, lambda case, user: actions.assign(case, by=user, at=MONDAY, user=accounts.user())),
    "relate": (KNOWS, lambda case, user: people.relate(case, by=user, at=MONDAY, kind="child", name="Li")),
    "protect": (KNOWS, lambda case, user: people.protect(case, case.person_id, by=user, at=MONDAY, protection="local")),
    "reveal": (KNOWS, lambda case, user: people.reveal(case, case.person_id, by=user, at=MONDAY, reason="contact")),
    "add a detail": (
        KNOWS,
        lambda case, user: people.add_detail(case, case.person_id, by=user, at=MONDAY, kind="phone", value="070-174 06 12"),
    ),
    "close": (LEADS, lambda case, user: actions.close_case(case, by=user, at=MONDAY, reason="moved")),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("what", DOES)
def test_who_may_do_what(who, what):
    allowed, do = DOES[what]
    case = casework.case(person_id=persons.person().pk)
    user = WHO[who](case)

    if who in allowed:
        do(case, user)
    else:
        with pytest.raises(Denied):
            do(case, user)
        assert not Entry.objects.filter(actor=user.pk).exists()


@pytest.mark.parametrize("who", WHO)
def test_who_can_find_the_case(who):
    case = casework.case()
    user = WHO[who](case)

    assert queries.visible_to(user).filter(pk=case.pk).exists() == (who in KNOWS)
    assert queries.listed(user).filter(pk=case.pk).exists() == (who in KNOWS)


@pytest.mark.parametrize("who", WHO)
def test_a_protected_detail_is_shown_to_those_of_the_case_whose_role_needs_it(who):
    case = casework.case(person_id=persons.person(address="Hemligvägen 1").pk)
    user, detail = WHO[who](case), case.person.details.get()
    given = {"by": user, "at": MONDAY, "reason": "contact", "words": "Ska skicka nycklar"}

    if who in KNOWS - {"member reception"}:
        assert people.reveal_detail(case, detail.pk, **given) == "Hemligvägen 1"
        assert Entry.objects.get(verb="persons.detail.revealed", subject=detail.pk).actor == user.pk
    else:
        with pytest.raises(Denied):
            people.reveal_detail(case, detail.pk, **given)
        assert not Entry.objects.filter(verb="persons.detail.revealed").exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_opens_cases(role):
    user = accounts.user(role)

    if role in {Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER}:
        assert casework.case(by=user)
    else:
        with pytest.raises(Denied):
            casework.case(by=user)


@pytest.mark.parametrize("role", Role.values)
def test_who_may_be_put_on_a_case(role):
    leader, user = casework.leader(), accounts.user(role)
    case = casework.case(by=leader)

    if role in {Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER, Role.PERSONAL_CONTACT}:
        actions.assign(case, by=leader, at=MONDAY, user=user)
        assert user in {place.user for place in queries.team(casework.case(by=leader, team=[user]))}
    else:
        with pytest.raises(Denied):
            actions.assign(case, by=leader, at=MONDAY, user=user)
        with pytest.raises(Denied):
            casework.case(by=leader, team=[user])
        assert [place.user for place in queries.team(case)] == [leader]
        assert Case.objects.count() == 1


def test_nobody_who_has_left_is_put_on_a_case():
    leader, gone = casework.leader(), accounts.user(Role.CASEWORKER, is_active=False)

    with pytest.raises(Denied):
        actions.assign(casework.case(by=leader), by=leader, at=MONDAY, user=gone)
    with pytest.raises(Denied):
        casework.case(by=leader, team=[gone])


# ── What must never be false ──────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        {"status": "closed"},
        {"status": "closed", "closed_on": TODAY},
        {"status": "closed", "closing_reason": "moved"},
        {"status": "closed", "closed_on": TODAY - dt.timedelta(days=1), "closing_reason": "moved"},
        {"closed_on": TODAY},
        {"closing_reason": "moved"},
    ],
)
def test_a_case_is_closed_with_day_and_reason_or_not_at_all(change):
    case = casework.case()

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


@pytest.mark.parametrize("change", [{"status": "done"}, {"done_at": MONDAY}])
def test_a_step_is_done_by_someone_at_some_time_or_not_at_all(change):
    case = casework.case()

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(case=case).update(**change)


@pytest.mark.parametrize("change", [{"end": TODAY}, {"outcome": "met"}, {"end": TODAY - dt.timedelta(days=9), "outcome": "met"}])
def test_an_intervention_ends_with_an_outcome_or_not_at_all(change):
    granted = actions.grant_intervention(
        casework.case(), by=casework.leader(), at=MONDAY, kind="support_talks", reasons=["neglect"]
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Intervention.objects.filter(pk=granted.pk).update(**change)


def test_what_is_written_lies_sealed_in_the_database():
    person = persons.person(name="Hemlig Harsyra")
    case = casework.case(summary="Hemlig oro", person_id=person.pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM casework_note WHERE case_id = %s", [case.pk])
        note = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT case_id::text || state::text FROM casework_case, casework_note WHERE case_id = casework_case.id")
        state = cursor.fetchone()[0]

    assert b"Hemlig" not in note
    assert "Hemlig" not in state


def test_what_was_answered_of_the_danger_lies_sealed_and_the_process_keeps_only_what_steers_it():
    leader = casework.leader()
    case = casework.do(casework.case(by=leader), "assess_protection", by=leader, protection="at_once")
    case = casework.do(case, "assess_risk", by=leader, risk="moderate")

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM casework_step WHERE case_id = %s AND status = 'done'", [case.pk])
        answers = b"|".join(bytes(value) for (value,) in cursor.fetchall())
        cursor.execute("SELECT state::text FROM casework_case WHERE id = %s", [case.pk])
        state = cursor.fetchone()[0]

    assert queries.steps(case).get(node="assess_risk").answers == {"risk": "moderate"}
    for danger in ("at_once", "moderate"):
        assert danger.encode() not in answers
        assert danger not in state
    assert "investigate" in state


def test_a_process_we_do_not_have_is_refused():
    with pytest.raises(KeyError):
        casework.case(process="nonsense")


# ── Other processes ───────────────────────────────────────────────────────


def test_a_child_s_investigation_stands_under_its_four_months():
    leader = casework.leader()
    case = casework.case(by=leader, process="child_investigation", age_group="child")
    casework.do(case, "plan", by=leader)

    due = dict(queries.steps(case).filter(status="open").values_list("node", "due_date"))

    assert due == {
        **dict.fromkeys(("talk", "development", "parents", "surroundings"), dt.date(2027, 3, 2)),
        "risk": dt.date(2026, 11, 9),
    }


def test_a_case_that_only_opens_an_investigation_is_closed_with_that_reason():
    leader = casework.leader()
    case = casework.case(by=leader, process="intake_assessment")
    for step, answers in (
        ("protect", {"protection": "at_once"}), ("arrange", {}), ("assess", {"proposal": "investigate"}),
        ("decide", {"assessment": "investigate"}), ("hand_over", {}),
    ):  # fmt: skip
        actions.complete_step(casework.open_step(case, step), by=leader, at=MONDAY, answers=answers)

    case.refresh_from_db()
    assert (case.status, case.closing_reason) == ("closed", "investigation_opened")


@pytest.mark.parametrize("process", ["hrv", "uses_violence", "protected_child", "support_without_assessment"])
def test_every_process_that_ships_can_be_opened(process):
    case = casework.case(by=casework.leader(), process=process)

    assert queries.steps(case).filter(status="open").count() == 1


def test_a_decision_table_is_asked_by_what_lies_sealed_and_only_its_answer_is_kept():
    leader = casework.leader()
    case = casework.case(by=leader, process="hrv")
    for step, answers in (
        ("assess_protection", {}), ("consult", {}), ("network", {}), ("risk", {"risk": "high"}),
        ("travel", {"travel": "possible"}),
    ):  # fmt: skip
        found = casework.open_step(case, step)
        asked = {question.name: question.codes[0] for question in processes.sheet(found.form).questions}
        actions.complete_step(found, by=leader, at=MONDAY, answers=asked | answers)

    case.refresh_from_db()
    row = case.process_events.order_by("number").last()
    assert nodes(case) == ["stop_travel"]
    assert row.given == [["decision:travel_protection", {"comes_first": "stop_travel", "table_version": 1}]]
    assert "risk" not in row.answers and "high" not in str(case.state)
    way.rebuild(case, by=leader, at=MONDAY)
    assert (nodes(case), "high" in str(case.state)) == (["stop_travel"], False)
