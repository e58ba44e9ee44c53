"""Internal control: who may review, what is drawn, how it is answered, and what the report tells."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.disclosure.attack import attack
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import queries as casework_queries
from fridhem.rooms.casework.actions import emergencies, walls
from fridhem.rooms.casework.models import Case
from fridhem.rooms.reviews import actions, disposal, permissions, queries, rules
from fridhem.rooms.reviews.enums import Standing, Status, Untold
from fridhem.rooms.reviews.models import DrawnCase, Measure, Review
from tests.factories import accounts, casework, reviews
from tests.factories.reviews import AT, DAYS, ROUTINE

pytestmark = pytest.mark.django_db
DRAW = {**DAYS, "size": 3, "size_by": "cases", "seed": 1}


@pytest.fixture
def leader():
    return casework.leader()


# ── Drawing ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_team_leaders_draw_and_others_do_not(role):
    casework.case()
    user = accounts.user(role, unit=casework.unit())

    if role == Role.TEAM_LEADER:
        assert actions.draw(ROUTINE, by=user, at=AT, **DRAW).size == 1
    else:
        with pytest.raises(Denied):
            actions.draw(ROUTINE, by=user, at=AT, **DRAW)


def test_the_same_cases_and_seed_draw_the_same(leader):
    first = reviews.drawn(by=leader, cases=12, size=4)
    again, other = (actions.draw(ROUTINE, by=leader, at=AT, **{**DRAW, "size": 4, "seed": seed}) for seed in (1, 2))

    drawn = [[one.case_id for one in reviews.cases(review, leader)] for review in (first, again, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert (first.population, first.size, first.strata) == (12, 4, [["Vuxen våld", 12, 4]])
    assert Entry.objects.filter(verb="reviews.review.drawn", subject=first.pk).get().reason == "4 12"


@pytest.mark.parametrize(
    ("size", "by", "expected"), [(3, "cases", 3), (50, "cases", 12), (10, "percent", 2), (100, "percent", 12)]
)
def test_a_size_is_a_number_or_a_share(size, by, expected):
    assert rules.wanted(size, by, of=12) == expected


def test_nothing_is_drawn_of_another_time_or_process(leader):
    casework.case()

    with pytest.raises(NotNow):
        actions.draw(ROUTINE, by=leader, at=AT, **{**DRAW, "last_day": dt.date(2026, 6, 1)})


def test_only_cases_that_the_reviewer_may_see_are_drawn_and_each_unit_gives_some(leader):
    seen = [casework.case() for _ in range(8)]
    elsewhere = casework.case(unit=accounts.unit("Barn"), team=[leader])
    casework.case(unit=accounts.unit("Barn"))
    shut = casework.case()
    walls.put_wall(shut, user=leader, ground="named", by=accounts.user(Role.TEAM_LEADER, unit=casework.unit()), at=AT)

    review = actions.draw(ROUTINE, by=leader, at=AT, **{**DRAW, "size": 20})

    assert {one.case_id for one in reviews.cases(review, leader)} == {case.pk for case in (*seen, elsewhere)}
    assert review.strata == [["Barn", 1, 1], ["Vuxen våld", 8, 8]]


def test_what_is_open_in_an_emergency_only_is_not_drawn(leader):
    casework.case()
    other = casework.case(unit=accounts.unit("Barn"))
    now = timezone.now()
    with accounts.at_work(leader):
        glass = emergencies.ask(other.number, by=leader, at=now, reason="life", words="Nu.")
        emergencies.open_alone(glass, by=leader, at=now)

    assert other in casework_queries.visible_to(leader)
    assert actions.draw(ROUTINE, by=leader, at=now, **DRAW).strata == [["Vuxen våld", 1, 1]]


# ── Reviewing ─────────────────────────────────────────────────────────────


def test_a_draft_may_be_unfinished_and_the_whole_may_not(leader):
    one = reviews.cases(reviews.drawn(by=leader, cases=1), leader)[0]

    some = {"risk_assessed": "no"}
    draft = actions.save(one, by=leader, at=AT, revision=0, answers=some, comments={"risk_assessed": "Saknas i akten."})
    with pytest.raises(NotNow):
        actions.save(draft, by=leader, at=AT, revision=1, answers=some, comments={}, finish=True)
    with pytest.raises(NotNow):
        actions.save(draft, by=leader, at=AT, revision=1, answers={"risk_assessed": "maybe"}, comments={})

    now = reviews.cases(one.review, leader)[0]
    assert (now.status, now.answers, now.comments, now.revision) == (
        Standing.DRAFT,
        some,
        {"risk_assessed": "Saknas i akten."},
        1,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT comments FROM reviews_drawn_case")
        assert b"Saknas" not in bytes(cursor.fetchone()[0])


def test_two_people_on_a_case_do_not_write_over_each_other(leader):
    colleague = casework.leader()
    one = reviews.cases(reviews.drawn(by=leader, cases=1), leader)[0]
    actions.save(one, by=colleague, at=AT, revision=0, answers=reviews.answers(), comments={}, finish=True)

    with pytest.raises(NotNow):
        actions.save(one, by=leader, at=AT, revision=0, answers=reviews.answers("no"), comments={}, finish=True)
    with pytest.raises(NotNow):
        actions.leave_out(one, by=leader, at=AT, revision=0, why="involved")

    assert actions.save(one, by=leader, at=AT, revision=1, answers=reviews.answers("no"), comments={}).revision == 2


def test_a_draft_that_arrives_late_undoes_nothing(leader):
    one = reviews.cases(reviews.drawn(by=leader, cases=1), leader)[0]
    actions.save(one, by=leader, at=AT, revision=0, answers={"risk_assessed": "no"}, comments={})
    actions.save(one, by=leader, at=AT, revision=0, answers=reviews.answers(), comments={}, finish=True)

    with pytest.raises(NotNow):
        actions.save(one, by=leader, at=AT, revision=1, answers={"risk_assessed": "no"}, comments={})

    now = reviews.cases(one.review, leader)[0]
    assert (now.status, now.answers) == (Standing.DONE, reviews.answers())


def test_a_case_is_left_out_with_a_reason_and_taken_in_again(leader):
    one = reviews.cases(reviews.drawn(by=leader, cases=1), leader)[0]

    out = actions.leave_out(one, by=leader, at=AT, revision=0, why="other", words="Fel process.")
    assert (out.status, out.why, out.words, out.answers) == (Standing.LEFT_OUT, "other", "Fel process.", {})
    back = actions.save(out, by=leader, at=AT, revision=1, answers=reviews.answers(), comments={}, finish=True)

    assert (back.status, back.why, back.words) == (Standing.DONE, "", None)
    assert set(Entry.objects.filter(subject=one.pk).values_list("verb", "reason")) == {
        ("reviews.case.left_out", "other"),
        ("reviews.case.done", ""),
    }


def test_a_leader_of_another_unit_reviews_nothing_here(leader):
    other = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn"))
    review = reviews.drawn(by=leader, cases=1)
    one = reviews.cases(review, leader)[0]

    for refused in (
        lambda: actions.save(one, by=other, at=AT, revision=0, answers={}, comments={}),
        lambda: actions.leave_out(one, by=other, at=AT, revision=0, why="involved"),
        lambda: actions.read(one, by=other, at=AT),
        lambda: actions.sign_off(review, by=other, at=AT, findings="Allt väl."),
        lambda: actions.decide_measure(review, by=other, at=AT, what="Utbilda.", owner=other, due_date=AT.date()),
    ):
        with pytest.raises(Denied):
            refused()
    assert list(queries.visible_to(other)) == []


# ── The report ────────────────────────────────────────────────────────────


def test_a_review_is_signed_off_when_every_case_is_ended_and_then_nothing_changes(leader):
    review = reviews.drawn(by=leader)
    first = reviews.cases(review, leader)[0]
    with pytest.raises(NotNow):
        actions.sign_off(review, by=leader, at=AT, findings="Allt väl.")

    signed = actions.sign_off(reviews.reviewed(review, by=leader), by=leader, at=AT, findings="Allt väl.")

    assert (signed.status, signed.findings, signed.signed_by) == (Status.SIGNED, "Allt väl.", leader)
    for refused in (
        lambda: actions.save(first, by=leader, at=AT, revision=1, answers={}, comments={}),
        lambda: actions.leave_out(first, by=leader, at=AT, revision=1, why="involved"),
        lambda: actions.sign_off(review, by=leader, at=AT, findings="Nej."),
    ):
        with pytest.raises(NotNow):
            refused()


def test_nobody_signs_off_what_they_do_not_see(leader):
    review = reviews.reviewed(reviews.drawn(by=leader), by=leader)
    shut_out, shut = casework.leader(), reviews.cases(review, leader)[0]
    with accounts.at_work(leader):
        walls.put_wall(shut.case, user=shut_out, ground="named", by=leader, at=AT)

    with pytest.raises(NotNow, match="Låt en kollega som ser alla ärenden"):
        actions.sign_off(review, by=shut_out, at=AT, findings="Allt väl.")
    disposal.dispose(shut.case_id)

    assert actions.sign_off(review, by=shut_out, at=AT, findings="Allt väl.").table


def test_a_review_whose_cases_are_all_gone_is_not_signed_off(leader):
    review = reviews.reviewed(reviews.drawn(by=leader, cases=1), by=leader)
    disposal.dispose(reviews.cases(review, leader)[0].case_id)

    with pytest.raises(NotNow):
        actions.sign_off(review, by=leader, at=AT, findings="Allt väl.")


def test_the_report_hides_small_figures_and_the_reviewer_sees_the_true_ones(leader):
    review = reviews.signed(by=leader, cases=12, no=2)

    table = queries.table_of(review)
    true = queries.counts(reviews.cases(review, leader))
    assert true["risk_assessed"] == {"yes": 10, "no": 2}
    assert table.value(question="risk_assessed", answer="no") is None
    assert table.value(question="risk_assessed", answer="yes") is None
    assert table.value(question="risk_assessed") == 12
    assert attack(table) == ()


def test_fewer_than_five_cases_give_no_figures(leader):
    review = reviews.signed(by=leader, cases=4)

    assert (review.table, review.untold, queries.table_of(review)) == ("", Untold.FEW, None)


@pytest.mark.parametrize(
    ("first_day", "last_day", "untold"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), Untold.EARLIER),
        (dt.date(2026, 11, 2), dt.date(2027, 1, 1), Untold.EARLIER),
        (dt.date(2026, 11, 3), dt.date(2027, 1, 1), ""),
    ],
)
def test_two_reports_of_a_unit_never_tell_of_the_same_time(leader, first_day, last_day, untold):
    """One case more, and the difference between two tables would be that family."""
    reviews.signed(by=leader, cases=12, last_day=dt.date(2026, 11, 2))
    later = casework.MONDAY + dt.timedelta(days=1)
    for _ in range(6):
        casework.case(unit=leader.unit, at=later)

    again = reviews.signed(by=leader, cases=0, size=100, first_day=first_day, last_day=last_day)

    assert (again.untold, bool(again.table)) == (untold, not untold)


def test_a_review_without_figures_takes_them_from_nobody(leader):
    reviews.signed(by=leader, cases=4)

    assert reviews.signed(by=leader, cases=2, size=6).table


def test_cases_that_another_unit_has_told_of_are_not_told_of_again_when_they_move(leader):
    reviews.signed(by=leader)
    there = accounts.unit("Barn")
    Case.objects.update(unit=there)

    assert reviews.signed(by=casework.leader(unit=there), cases=1, size=7).untold == Untold.EARLIER


def test_process_owners_and_strategists_read_what_is_signed_off_and_no_more(leader):
    open_one, signed = reviews.drawn(by=leader), reviews.signed(by=leader)

    for role in Role.values:
        user = accounts.user(role, unit=casework.unit())
        seen = {Role.TEAM_LEADER: {open_one, signed}, Role.PROCESS_OWNER: {signed}, Role.STRATEGIST: {signed}}.get(role, set())
        assert set(queries.visible_to(user)) == seen
        may_make = role == Role.TEAM_LEADER
        assert (queries.to_review(user).count(), queries.drawn(signed, user).count()) == ((2, 6) if may_make else (0, 0))


def test_a_measure_has_an_owner_and_a_day_and_is_done_once(leader):
    review = reviews.signed(by=leader)
    owner = accounts.user(unit=leader.unit)

    made = actions.decide_measure(review, by=leader, at=AT, what="Gå igenom rutinen.", owner=owner, due_date=AT.date())
    done = actions.finish_measure(made, by=leader, at=AT)
    actions.finish_measure(made, by=leader, at=AT)

    assert (done.what, done.owner, done.done_by, done.done_on) == ("Gå igenom rutinen.", owner, leader, AT.date())
    assert Entry.objects.filter(verb="reviews.measure.done").count() == 1


# ── In the database ───────────────────────────────────────────────────────


def test_the_database_keeps_what_must_never_be_false(leader):
    review = reviews.drawn(by=leader, cases=1)

    for wrong in ({"status": Status.SIGNED}, {"table": "{}"}, {"last_day": dt.date(2025, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**wrong)
    for wrong in ({"status": Standing.LEFT_OUT}, {"status": Standing.DONE}, {"why": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DrawnCase.objects.filter(review=review).update(**wrong)


def test_what_is_said_of_a_case_goes_with_the_case_and_the_figures_stay(leader):
    review = reviews.signed(by=leader)
    one = reviews.cases(review, leader)[0]

    disposal.dispose(one.case_id)

    assert len(reviews.cases(review, leader)) == 5
    assert queries.table_of(review).value(question="risk_assessed", answer="yes") == 6


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_works_behind_the_walls_and_nobody_else_reaches_it(leader, behind_walls):
    owner, other = accounts.user(Role.PROCESS_OWNER), accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn"))
    worker = accounts.user(unit=leader.unit)
    for _ in range(6):
        casework.case()

    def reached() -> tuple[int, int, int]:
        return Review.objects.count(), DrawnCase.objects.count(), Measure.objects.count()

    with behind_walls(), accounts.at_work(leader):
        review = reviews.reviewed(reviews.drawn(by=leader, cases=0), by=leader)
        actions.decide_measure(review, by=leader, at=AT, what="Utbilda.", owner=leader, due_date=AT.date())
        first = actions.read(reviews.cases(review, leader)[0], by=leader, at=AT)
    with behind_walls(), accounts.at_work(owner):
        assert reached() == (0, 0, 0)
    with behind_walls(), accounts.at_work(leader):
        actions.sign_off(review, by=leader, at=AT, findings="Allt väl.")
        assert reached() == (1, 6, 1)
        with pytest.raises(NotNow):
            actions.leave_out(first, by=leader, at=AT, revision=1, why="involved")
        assert DrawnCase.objects.filter(review=review).update(why="other") == 0
        assert Review.objects.filter(pk=review.pk).update(seed=2) == 0
        again = reviews.reviewed(reviews.drawn(by=leader, cases=0), by=leader)
        assert queries.kept(again) == 6
        assert actions.sign_off(again, by=leader, at=AT, findings="Allt väl.").untold == Untold.EARLIER
    with behind_walls(), accounts.at_work(owner):
        assert reached() == (2, 0, 0)
    for who in (other, worker):
        with behind_walls(), accounts.at_work(who):
            assert reached() == (0, 0, 0)


def test_reading_a_case_in_a_review_stands_in_the_record_as_reading_the_case(leader):
    one = reviews.cases(reviews.drawn(by=leader, cases=1), leader)[0]

    actions.read(one, by=leader, at=AT)

    assert Entry.objects.filter(verb="casework.case.read", subject=one.case_id, actor=leader.pk).count() == 1


@pytest.mark.parametrize(
    ("role", "at_the_unit", "passes", "reads"),
    [
        (Role.TEAM_LEADER, True, True, True),
        (Role.TEAM_LEADER, False, False, False),
        (Role.CASEWORKER, True, False, False),
        (Role.PROCESS_OWNER, False, False, True),
        (Role.STRATEGIST, False, False, True),
        (Role.AUDITOR, True, False, False),
    ],
)
def test_the_units_leaders_review_and_those_who_answer_for_processes_read_too(role, at_the_unit, passes, reads):
    review = Review(unit=casework.unit())
    user = accounts.user(role, unit=casework.unit() if at_the_unit else accounts.unit("En annan"))

    for check, may in ((permissions.check_may_review, passes), (permissions.check_may_read_report, reads)):
        with nullcontext() if may else pytest.raises(Denied):
            check(review, user)
