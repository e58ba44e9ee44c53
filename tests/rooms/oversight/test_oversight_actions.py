"""Log review as work: drawn, asked, answered, decided; alerts looked into; the record read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind, AlertOutcome
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import Acting, acting
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.oversight import actions, queries
from fridhem.rooms.oversight.enums import Answer, Flag, Outcome
from fridhem.rooms.oversight.models import Question
from tests.factories import accounts, casework
from tests.factories.oversight import AFTER, MONDAY, NOON, question, reading, review

pytestmark = pytest.mark.django_db


def as_user(user):
    return acting(Acting(user.pk, "test", role=user.role, unit=user.unit_id, zones=user.zones))


def test_a_week_is_drawn_once_and_the_same_seed_draws_the_same():
    by = accounts.user()
    for hour in range(60):
        reading(by, at=NOON + timedelta(hours=hour))

    first = review(seed=7)
    again = review(seed=8)

    assert (first.pk, first.readings, first.questions.count()) == (again.pk, 60, 20)
    drawn = set(first.questions.values_list("entry", flat=True))
    first.questions.all().delete()
    first.delete()
    assert set(review(seed=7).questions.values_list("entry", flat=True)) == drawn


def test_what_is_unusual_is_flagged():
    case = casework.case()
    mine, other = case.assignments.first().user, accounts.user(unit=accounts.unit("Annan"))
    reading(mine, subject=case)
    reading(other, subject=case, at=NOON + timedelta(hours=11))
    reading(mine, verb="persons.detail.revealed")
    reading(mine, verb="casework.note.written")

    found = {(one.colleague_id, tuple(one.flags)) for one in review().questions.all()}

    assert found == {(mine.pk, ()), (other.pk, (Flag.OUTSIDE, Flag.NIGHT)), (mine.pk, (Flag.PROTECTED,))}


def test_a_question_is_answered_once_by_the_one_it_was_put_to():
    colleague, other = accounts.user(), accounts.user()
    asked = question(colleague)

    with pytest.raises(Denied):
        actions.answer(asked, by=other, at=AFTER, answer=Answer.MY_CASE)
    actions.answer(asked, by=colleague, at=AFTER, answer=Answer.MISTAKE)
    with pytest.raises(NotNow):
        actions.answer(asked, by=colleague, at=AFTER, answer=Answer.MY_CASE)

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == ("mistake", AFTER)
    assert list(queries.to_answer(colleague)) == []


@pytest.mark.parametrize(
    ("role", "same_unit", "may"),
    [
        (Role.PRIVACY_OFFICER, False, True),
        (Role.TEAM_LEADER, True, True),
        (Role.TEAM_LEADER, False, False),
        (Role.CASEWORKER, True, False),
        (Role.ADMINISTRATOR, True, False),
    ],
)
def test_who_decides(role, same_unit, may):
    colleague = accounts.user()
    reviewer = accounts.user(role=role, unit=colleague.unit if same_unit else accounts.unit("Annan"))
    asked = question(colleague)

    assert queries.visible_to(reviewer).filter(pk=asked.pk).exists() is may
    if may:
        assert actions.decide(asked, by=reviewer, at=AFTER, outcome=Outcome.FINE).decided_by == reviewer
    else:
        with pytest.raises(Denied):
            actions.decide(asked, by=reviewer, at=AFTER, outcome=Outcome.FINE)


def test_nobody_reviews_their_own_lines_not_even_in_the_database():
    officer = accounts.user(role=Role.PRIVACY_OFFICER)
    asked = question(officer)

    assert not queries.visible_to(officer).exists()
    with pytest.raises(Denied):
        actions.decide(asked, by=officer, at=AFTER, outcome=Outcome.FINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=asked.pk).update(outcome="fine", decided_by=officer, decided_at=AFTER)


def test_an_alert_is_looked_into_once_by_someone_it_is_for_and_never_by_the_one_it_is_about():
    now, officer = AFTER, accounts.user(role=Role.PRIVACY_OFFICER, unit=accounts.unit("Kansliet"))
    leader = accounts.user(role=Role.TEAM_LEADER)
    elsewhere = accounts.user(role=Role.TEAM_LEADER, unit=accounts.unit("Annan"))
    raised = alert(
        AlertKind.BREAK_GLASS, subject=None, about_user=leader, at=now, roles=[Role.TEAM_LEADER, Role.PRIVACY_OFFICER],
        unit=leader.unit_id,
    )  # fmt: skip

    for stranger in (leader, elsewhere):
        assert not queries.alerts_shown(stranger).exists()
        with pytest.raises(Denied):
            actions.acknowledge(raised, by=stranger, at=now, outcome=AlertOutcome.IN_ORDER)
    assert queries.alerts_shown(officer).get() == raised


def test_an_alert_without_a_unit_reaches_the_role_everywhere():
    officer, second = accounts.user(role=Role.PRIVACY_OFFICER), accounts.user(role=Role.PRIVACY_OFFICER)
    raised = alert(AlertKind.RECORD_BROKEN, subject=None, about_user=None, at=AFTER, roles=[Role.PRIVACY_OFFICER])

    actions.acknowledge(raised, by=officer, at=AFTER, outcome=AlertOutcome.TECHNICAL)
    with pytest.raises(NotNow):
        actions.acknowledge(raised, by=second, at=AFTER, outcome=AlertOutcome.IN_ORDER)

    assert list(queries.alerts_shown(officer)) == []
    assert [line.by for line in queries.alert_lines(queries.alerts_shown(officer, answered=True), user=officer)] == [officer.name]


def test_reading_the_record_is_recorded_and_for_the_privacy_officer():
    case, officer = casework.case(), accounts.user(role=Role.PRIVACY_OFFICER)
    colleague = case.assignments.first().user
    with as_user(officer):
        found = list(actions.read_record(by=officer, at=AFTER, colleague=colleague, number=case.number))
        with pytest.raises(NotNow):
            actions.read_record(by=officer, at=AFTER, number="V-00000")
    with pytest.raises(Denied):
        actions.read_record(by=colleague, at=AFTER)

    assert {line.verb for line in found} >= {"casework.case.opened"}
    (line,) = Entry.objects.filter(verb="oversight.record.read")
    assert (line.actor, line.subject, line.about) == (officer.pk, colleague.pk, case.pk)


def test_a_persons_extract_holds_every_line_of_the_case_and_of_the_person():
    case, officer = casework.case(), accounts.user(role=Role.PRIVACY_OFFICER)
    other = casework.case()
    mine = case.assignments.first().user
    reading(mine, subject=case)
    step = case.steps.first()
    reading(mine, subject=step, verb="casework.step.read")
    reading(mine, subject=other)

    with as_user(officer):
        lines = actions.make_extract(by=officer, at=AFTER, case_number=case.number)

    assert [line.what for line in lines].count("läste ärendet") == 1
    assert "läste ett steg" in [line.what for line in lines]
    assert {line.number for line in lines} <= {case.number, ""}
    assert lines == sorted(lines, key=lambda line: line.at)


def test_without_the_role_the_database_tells_no_numbers():
    case = casework.case()
    caseworker = case.assignments.first().user

    with as_user(caseworker):
        assert queries.case_id(case.number) is None
        assert queries.numbers([case.pk]) == {}


def test_reviews_count_what_is_left():
    colleague, officer = accounts.user(), accounts.user(role=Role.PRIVACY_OFFICER)
    asked = question(colleague)
    assert [(one.since, one.asked, one.waiting) for one in queries.reviews(officer)] == [(MONDAY, 1, 1)]

    actions.decide(asked, by=officer, at=AFTER, outcome=Outcome.BREACH)

    assert [(one.asked, one.waiting) for one in queries.reviews(officer)] == [(1, 0)]
