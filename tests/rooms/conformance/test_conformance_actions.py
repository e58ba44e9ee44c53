"""Who may measure how a process is followed, what is counted, and what becomes of the true counts."""

import json

import pytest
from django.db import IntegrityError, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.disclosure.attack import attack
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import facts
from fridhem.rooms.conformance import actions, queries, report, tasks
from fridhem.rooms.conformance.enums import Status
from fridhem.rooms.conformance.models import Measurement
from tests.factories import accounts, casework, conformance
from tests.factories.processes import NUMBER

pytestmark = pytest.mark.django_db
AT = conformance.AT
MEASURE = {Role.PROCESS_OWNER, Role.STRATEGIST, Role.TEAM_LEADER}


@pytest.mark.parametrize("role", Role.values)
def test_those_who_answer_for_processes_figures_and_units_measure(role):
    user = accounts.user(role)

    if role in MEASURE:
        assert actions.order(key="vinr_adult", year=2026, by=user, at=AT).status == Status.ORDERED
    else:
        with pytest.raises(Denied):
            actions.order(key="vinr_adult", year=2026, by=user, at=AT)
    assert queries.visible_to(user).count() == (role in MEASURE)


def test_the_facts_say_what_came_of_each_step_and_nothing_of_a_case(django_assert_num_queries):
    conformance.followed(in_time=6, too_late=2)

    with django_assert_num_queries(1):
        found = list(facts.steps("vinr_adult", 2026))
    with django_assert_num_queries(2):
        days = [one for one in facts.step_days("vinr_adult", 2026, least=5) if one[0] == "assess_protection"]

    said = [(row.outcome, row.quarter, row.unit_name, row.version, row.n) for row in found if row.step == "assess_protection"]
    unit = found[0].unit
    assert said == [
        ("in_time", "4", "Vuxen våld", NUMBER, 6),
        ("late", "4", "Vuxen våld", NUMBER, 2),
        ("open", "4", "Vuxen våld", NUMBER, 1),
    ]
    assert days == [("assess_protection", "", 0.0), ("assess_protection", unit, 0.0)]
    assert list(facts.steps("vinr_adult", 2025)) == []


def test_a_measurement_says_what_is_late_and_hides_what_is_small():
    conformance.followed()

    found = conformance.measured()

    table = queries.table_of(found)
    first = next(line for line in report.lines(table, found.medians, {}) if line.step == "assess_protection")
    assert found.status == Status.READY
    assert (first.in_time, first.late, first.left_out, first.late_share, first.days) == (8, 6, 0, 43, 0)
    assert first.open is None
    assert {1, 2, 3, 4}.isdisjoint(json.loads(found.table)["counts"])
    assert attack(table) == ()
    assert report.marks([first])["assess_protection"].weight == 3
    assert sorted(Entry.objects.filter(subject=found.pk).values_list("verb", flat=True)) == [
        "conformance.measurement.ordered",
        "conformance.measurement.ready",
    ]


def test_a_median_stands_only_where_its_count_does():
    conformance.followed(in_time=4, too_late=0)

    found = conformance.measured()

    assert found.medians == {}


def test_a_new_measurement_takes_the_place_of_the_years_earlier_one():
    conformance.followed()
    first = conformance.measured()

    second = conformance.measured()

    first.refresh_from_db()
    assert (first.status, first.table, first.medians, second.status) == (Status.REPLACED, "", {}, Status.READY)
    assert list(queries.listed(second.ordered_by)) == [second]


def test_a_year_is_counted_once_at_a_time_and_again_after_an_interruption():
    conformance.followed()
    ordered = actions.order(key="vinr_adult", year=2026, by=conformance.owner(), at=AT)
    with pytest.raises(NotNow):
        actions.order(key="vinr_adult", year=2026, by=ordered.ordered_by, at=AT)
    Measurement.objects.filter(pk=ordered.pk).update(status=Status.COUNTING)

    first, again = actions.count(ordered.pk, at=AT), actions.count(ordered.pk, at=AT)

    assert (first.status, again.table) == (Status.READY, first.table)


def test_a_year_in_which_nothing_was_begun_says_so():
    found = conformance.measured()

    assert (found.status, found.failure != "", found.table) == (Status.FAILED, True, "")


def test_a_damaged_table_is_never_shown():
    conformance.followed()
    found = conformance.measured()
    data = json.loads(found.table)
    data["counts"][0] += 1
    Measurement.objects.filter(pk=found.pk).update(table=json.dumps(data))

    with pytest.raises(ValueError, match="add up"):
        queries.table_of(found)


def test_the_database_keeps_no_table_before_it_is_ready_and_none_without_a_year():
    ordered = actions.order(key="vinr_adult", year=2026, by=conformance.owner(), at=AT)

    for wrong in ({"table": "{}"}, {"year": None}, {"status": Status.READY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Measurement.objects.filter(pk=ordered.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_the_worker_counts_behind_the_walls_and_only_those_who_measure_reach_it(behind_walls):
    conformance.followed()
    owner, worker = conformance.owner(), accounts.user(Role.CASEWORKER, unit=casework.unit())
    ordered = actions.order(key="vinr_adult", year=2026, by=owner, at=AT)

    with behind_walls("fridhem_worker"):
        assert tasks.count(str(ordered.pk)) == Status.READY
    with behind_walls(), accounts.at_work(owner):
        assert Measurement.objects.count() == 1
    with behind_walls(), accounts.at_work(worker):
        assert Measurement.objects.count() == 0
