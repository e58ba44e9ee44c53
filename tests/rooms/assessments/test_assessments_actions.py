"""Instruments from file to published, and what they say in a case."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure.instruments.faults import BadInstrument
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.assessments import actions, disposal, queries
from fridhem.rooms.assessments.models import Assessment, Version
from fridhem.rooms.casework import actions as cases
from fridhem.rooms.casework import queries as casework_queries
from fridhem.rooms.casework.models import Assignment
from tests.factories import accounts, assessments, casework, persons
from tests.factories.assessments import GRAVE, MILD, NOW, SHIPPED

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def vera():
    return accounts.user(Role.CASEWORKER, name="Vera", unit=casework.unit())


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def case(vera):
    return casework.case(by=vera, person_id=persons.person(name="Selma Solvända").pk)


# ── In a case ─────────────────────────────────────────────────────────────


def test_an_assessment_is_kept_with_its_result_and_stands_in_the_journal(case, vera):
    made = assessments.assessment(case, by=vera, given={**MILD, "hemma": "2", "tryggare": "Ett lås."})

    assert (made.instrument, made.version, made.level, made.is_dangerous) == (SHIPPED, 1, "trygg", False)
    assert (made.person_id, made.score, made.answers["tryggare"]) == (case.person_id, "2", "Ett lås.")
    assert made.review_on == dt.date(2027, 5, 2)
    assert case.notes.latest("written_at").text == (
        "Trygghet i vardagen: Mest trygg. En ny bedömning ska vara gjord senast den 2 maj 2027."
    )


def test_an_answer_to_a_question_that_isnt_asked_is_dropped(case, vera):
    made = assessments.assessment(case, by=vera, given={**GRAVE, "radd": "nej"})

    assert set(made.answers) == {*MILD}
    assert made.is_dangerous is False


def test_answers_that_arent_whole_are_refused(case, vera):
    with pytest.raises(NotNow):
        assessments.assessment(case, by=vera, given={"hemma": "1"})

    assert not Assessment.objects.exists()


def test_a_danger_is_told_to_the_leaders_of_the_unit_at_once(case, vera):
    assessments.assessment(case, by=vera, given=GRAVE)

    told = Alert.objects.get(kind="danger")
    assert (told.subject, told.roles, told.unit, told.at) == (case.pk, [Role.TEAM_LEADER], case.unit_id, NOW)
    assert [row.level for row in queries.dangers(vera)] == ["fara"]


def test_a_danger_begins_what_the_process_says_of_it_at_once_and_once(case, vera):
    assessments.assessment(case, by=vera, given=GRAVE)
    assessments.assessment(case, by=vera, at=NOW + dt.timedelta(hours=2), given=GRAVE)

    (step,) = casework_queries.steps(case).filter(node="protect_now")
    assert (step.status, step.role, step.due_date, step.limit) == ("open", Role.CASEWORKER, TODAY, "acute_protection")
    assert list(case.process_events.values_list("what", "event", "by")) == [
        ("started", "", vera.pk),
        ("raised", "danger", vera.pk),
    ]
    assert Alert.objects.filter(kind="danger").count() == 2


def test_a_danger_that_comes_back_begins_a_new_step(case, vera):
    assessments.assessment(case, by=vera, given=GRAVE)
    casework.do(case, "protect_now", by=vera, acute_protection="arranged", leader_reached="yes")

    assessments.assessment(case, by=vera, at=NOW + dt.timedelta(hours=2), given=GRAVE)

    steps = casework_queries.steps(case).filter(node="protect_now").order_by("opened_at", "status")
    assert [step.status for step in steps] == ["done", "open"]


def test_a_result_without_danger_begins_nothing(case, vera):
    assessments.assessment(case, by=vera)

    assert not casework_queries.steps(case).filter(node="protect_now").exists()


def test_a_process_without_a_branch_for_danger_is_left_as_it_was_and_the_leaders_are_told(vera):
    case = casework.case(by=vera, process="support_without_assessment", person_id=persons.person(name="Selma Solvända").pk)
    before = list(casework_queries.steps(case).values_list("node", "status"))

    assessments.assessment(case, by=vera, given=GRAVE)

    assert list(casework_queries.steps(case).values_list("node", "status")) == before
    assert Alert.objects.filter(kind="danger", subject=case.pk).count() == 1


def test_a_danger_stands_until_a_new_result_says_otherwise(case, vera):
    assessments.assessment(case, by=vera, given=GRAVE)
    used = queries.newest(SHIPPED, on=TODAY)
    actions.not_assessed(case, used, by=vera, at=NOW + dt.timedelta(hours=1), outcome="declined", words="Orkade inte.")
    assert queries.dangers(vera).count() == 1, "that someone declined says nothing of the danger"

    assessments.assessment(case, by=vera, at=NOW + dt.timedelta(hours=2))

    assert queries.dangers(vera).count() == 0


def test_why_an_assessment_wasnt_made_is_kept_sealed_with_a_new_day(case, vera):
    used, again = queries.newest(SHIPPED, on=TODAY), TODAY + dt.timedelta(days=3)

    made = actions.not_assessed(case, used, by=vera, at=NOW, outcome="declined", words="Mannen var hemma.", review_on=again)

    assert (made.outcome, made.words, made.answers, made.level, made.review_on) == (
        "declined",
        "Mannen var hemma.",
        None,
        "",
        again,
    )
    assert "Mannen" not in case.notes.latest("written_at").text


def test_nobody_outside_the_case_assesses_or_reads(case, vera):
    made = assessments.assessment(case, by=vera)
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    with pytest.raises(Denied):
        assessments.assessment(case, by=stranger)
    with pytest.raises(Denied):
        actions.read(made, by=stranger, at=NOW)
    assert not queries.visible_to(stranger).exists()


def test_a_personal_contact_in_the_case_neither_assesses_nor_reads(case, vera):
    made = assessments.assessment(case, by=vera)
    contact = accounts.user(Role.PERSONAL_CONTACT, unit=casework.unit())
    Assignment.objects.create(case=case, user=contact, assigned_on=TODAY)
    assert casework_queries.visible_to(contact).filter(pk=case.pk).exists()

    with pytest.raises(Denied):
        assessments.assessment(case, by=contact)
    with pytest.raises(Denied):
        actions.read(made, by=contact, at=NOW)


def test_someone_who_isnt_in_the_case_cant_be_assessed_in_it(case, vera):
    with pytest.raises(NotNow):
        assessments.assessment(case, by=vera, person=persons.person(name="Någon annan").pk)


def test_a_closed_case_isnt_assessed(case):
    leader = casework.leader()
    cases.close_case(case, by=leader, at=NOW, reason="finished")

    with pytest.raises(NotNow):
        assessments.assessment(case, by=leader)


def test_the_conversation_cant_have_been_tomorrow(case, vera):
    with pytest.raises(NotNow):
        assessments.assessment(case, by=vera, happened_on=TODAY + dt.timedelta(days=1))


def test_reviews_list_the_last_of_each_and_only_when_its_day_comes(case, vera):
    assessments.assessment(case, by=vera, given=GRAVE)
    last = assessments.assessment(case, by=vera, at=NOW + dt.timedelta(days=1), given={**GRAVE, "skadas": "nej"})

    assert list(queries.reviews(vera, until=TODAY + dt.timedelta(days=8))) == []
    assert list(queries.reviews(vera, until=last.review_on)) == [last]
    assert list(queries.mine(queries.reviews(vera, until=last.review_on), vera)) == [last]


def test_a_history_tells_what_changed_within_the_same_version(case, vera):
    for day, home in ((0, "0"), (1, "2"), (2, "1")):
        last = assessments.assessment(case, by=vera, at=NOW + dt.timedelta(days=day), given={**MILD, "hemma": home})

    told = queries.scored(queries.history(last, vera))

    assert [(line.score, line.change) for line in told] == [("1", "−1"), ("2", "+2"), ("0", "")]


def test_the_walls_let_only_those_of_the_case_read_and_nobody_change(case, vera, behind_walls):
    assessments.assessment(case, by=vera)
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    with behind_walls(), accounts.at_work(stranger):
        assert not Assessment.objects.exists()
    with behind_walls(), accounts.at_work(vera):
        assert Assessment.objects.count() == 1
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Assessment.objects.update(is_dangerous=True)


def test_disposal_takes_the_assessments_of_the_case(case, vera):
    made = assessments.assessment(case, by=vera)
    other = assessments.assessment(casework.case(by=vera), by=vera)

    gone = disposal.dispose(case.pk)

    assert gone.rows == (made.pk,)
    assert list(Assessment.objects.all()) == [other]
    assert disposal.persons_assessed({case.person_id}) == set()


# ── From file to published ────────────────────────────────────────────────


def test_an_instrument_is_used_when_one_has_proposed_and_another_published(petra, case, vera):
    version = assessments.published(by=petra)

    used = queries.newest("tva_fragor", on=TODAY)
    made = actions.assess(case, used, by=vera, at=NOW, given={"radd": "1", "ganger": "4"})

    assert (version.status, used.number, made.score, made.level) == ("published", 1, "5", "hog")
    assert Entry.objects.filter(verb="assessments.version.published").count() == 1


def test_nobody_publishes_what_they_have_proposed(petra):
    version = assessments.tried(assessments.draft(by=petra), by=petra)
    version = actions.propose(version, by=petra, at=NOW, valid_from=TODAY)

    with pytest.raises(Denied):
        actions.publish(version, by=petra, at=NOW, seen=version.proposal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(status="published", published_by=petra, published_at=NOW)


def test_only_another_process_owner_or_a_team_leader_publishes(petra, vera):
    version = actions.propose(assessments.tried(assessments.draft(by=petra), by=petra), by=petra, at=NOW, valid_from=TODAY)

    with pytest.raises(Denied):
        actions.publish(version, by=vera, at=NOW, seen=version.proposal)
    with pytest.raises(Denied):
        actions.send_back(version, by=vera, at=NOW)


def test_nobody_publishes_something_else_than_what_they_have_read(petra):
    """The number of a draft that was thrown away is given to the next one."""
    version = actions.propose(assessments.tried(assessments.draft(by=petra), by=petra), by=petra, at=NOW, valid_from=TODAY)
    read, leader = version.proposal, casework.leader()
    actions.discard(actions.send_back(version, by=leader, at=NOW), by=petra, at=NOW)
    other = actions.propose(assessments.tried(assessments.draft(by=petra), by=petra), by=petra, at=NOW, valid_from=TODAY)

    with pytest.raises(NotNow, match="läs den en gång till"):
        actions.publish(other, by=leader, at=NOW, seen=read)

    assert (other.key, other.number) == (version.key, version.number)
    assert actions.publish(other, by=leader, at=NOW, seen=other.proposal).status == "published"


def test_what_nobody_has_tried_isnt_proposed(petra):
    with pytest.raises(NotNow):
        actions.propose(assessments.draft(by=petra), by=petra, at=NOW, valid_from=TODAY)


def test_only_the_process_owner_uploads(vera):
    with pytest.raises(Denied):
        assessments.draft(by=vera)


def test_the_same_file_isnt_taken_in_twice(petra):
    file = assessments.xlsform()
    assessments.draft(by=petra, file=file)

    with pytest.raises(NotNow):
        assessments.draft(by=petra, file=file)


def test_a_faulty_file_leaves_nothing(petra):
    with pytest.raises(BadInstrument):
        assessments.draft(by=petra, file=b"PK not a workbook")

    assert not Version.objects.exists()


def test_what_was_assessed_stays_on_its_version(petra, case, vera):
    assessments.published(by=petra)
    made = actions.assess(case, queries.newest("tva_fragor", on=TODAY), by=vera, at=NOW, given={"radd": "0"})
    assessments.published(by=petra, file=assessments.xlsform(settings=assessments.settings(form_title="Två nya frågor")))

    assert queries.newest("tva_fragor", on=TODAY).number == 2
    assert queries.lines([made])[0].name == "Två frågor"


def test_a_version_that_was_begun_may_be_finished_the_day_after(petra):
    assessments.published(by=petra)
    later = NOW + dt.timedelta(days=5)
    assessments.published(by=petra, at=later, file=assessments.xlsform(settings=assessments.settings(version="2")))

    assert queries.usable("tva_fragor", 1, on=later.date()).number == 1
    with pytest.raises(KeyError):
        queries.usable("tva_fragor", 1, on=later.date() + dt.timedelta(days=1))


def test_drafts_are_seen_by_those_who_own_and_publish_them(petra, vera, behind_walls):
    assessments.draft(by=petra)

    seen = {}
    for user in (petra, vera):
        with behind_walls(), accounts.at_work(user):
            seen[user.name] = Version.objects.count(), queries.instruments_visible_to(user).count()

    assert seen == {"Petra": (1, 1), "Vera": (0, 0)}
