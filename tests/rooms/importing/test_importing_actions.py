"""From a file to finished cases: whole or not at all, once, and nothing left behind."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.database.acting import as_the_house
from fridhem.pure.extracts.table import BadExtract
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework.models import Case, Intervention, InterventionReason
from fridhem.rooms.importing import actions, queries, tasks
from fridhem.rooms.importing.models import Extract, Origin, Source
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.models import Person
from tests.factories import accounts, importing
from tests.factories.importing import AT, number, row, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena():
    user = importing.leader()
    with accounts.at_work(user):
        yield user


@pytest.fixture
def work(as_face):
    """Do something as the worker does."""

    def doing(action, *given, **more):
        with as_face("worker"), as_the_house("tests"):
            return action(*given, **more)

    return doing


@pytest.fixture
def imported(work):
    def importing_(*rows, by, source="Gamla systemet"):
        made = actions.confirm(uploaded(*rows, by=by, source=source), by=by, at=AT)
        return work(actions.carry_out, made.pk, at=AT)

    return importing_


def test_an_extract_is_imported_whole_and_then_destroyed(lena, imported):
    done = imported(row(), row("2024:18", number(2), "Bo Ek"), by=lena)

    assert (done.status, done.total, done.taken, done.known, done.told) == ("done", 2, 2, 0, [])
    assert (done.content, ObjectKey.objects.filter(subject=done.pk).count()) == (None, 0)
    case = Case.objects.get(pk=Origin.objects.get(case__person__in=[_person(lena, 1)]).case_id)
    assert (case.status, case.unit, case.district, case.age_group) == ("closed", lena.unit, "centrum", "adult")
    assert (case.opened_on, case.closed_on, case.closing_reason) == (date(2024, 1, 2), date(2024, 6, 1), "finished")
    assert case.number.startswith("V-")
    granted = Intervention.objects.get(case=case)
    assert (granted.kind, granted.decided_on, granted.end, granted.outcome) == (
        "support_talks", date(2024, 1, 10), date(2024, 5, 30), "met",
    )  # fmt: skip
    assert [found.code for found in InterventionReason.objects.filter(intervention=granted)] == ["neglect"]


def _person(by, place):
    return persons.find(identity_number=number(place), by=by, at=AT)


def test_nothing_is_imported_before_someone_says_so(lena, work):
    made = uploaded(by=lena)

    assert work(actions.carry_out, made.pk, at=AT).status == "uploaded"
    assert (Case.objects.count(), Person.objects.count(), Origin.objects.count()) == (0, 0, 0)


def test_the_same_case_is_imported_once_and_a_changed_one_is_told(lena, imported):
    imported(row("1"), row("2", number(2)), by=lena)

    again = imported(row("1"), row("2", number(2), outcome="not_met"), row("3", number(3)), by=lena)

    assert (again.taken, again.known, again.told) == (1, 1, [[3, "case_number", "changed"]])
    assert Case.objects.count() == 3


def test_the_same_number_at_another_source_or_written_with_other_signs_is_another_case(lena, imported):
    imported(row("2024-1-23"), by=lena)

    assert imported(row("2024-12-3"), by=lena).taken == 1
    assert imported(row("2024-1-23"), by=lena, source="Ett annat").taken == 1


def test_a_known_person_is_found_and_keeps_the_name(lena, imported):
    known = persons.register(by=lena, at=AT, name="Anna Klöver", identity_number=number(1))

    imported(row("1", name="Anna Annan"), row("2", name="Anna Annan"), row("3", number(2), "Bo Ek"), by=lena)

    assert Person.objects.count() == 2
    assert Case.objects.filter(person=known).count() == 2
    assert _person(lena, 1).sealed_name == "Anna Klöver"


def test_a_case_about_nobody_known_has_no_person(lena, imported):
    done = imported(row().replace(number(1), "").replace("Anna Klöver", ""), by=lena)

    assert (done.taken, Person.objects.count(), Case.objects.get().person) == (1, 0, None)


@pytest.mark.parametrize("is_known", [True, False])
def test_whom_one_must_not_handle_is_left_for_someone_else(lena, is_known, imported):
    if is_known:
        persons.register(by=lena, at=AT, name="Anna Klöver", identity_number=number(1))
    persons.recuse(user=lena, identity_number=number(1), ground="close", by=lena, at=AT)

    done = imported(row("1"), row("2", number(2)), by=lena)

    assert (done.taken, done.told) == (1, [[2, "identity_number", "not_yours"]])


def test_what_is_wrong_is_kept_by_row_and_the_rest_imported(lena, imported):
    done = imported(row("1"), row("2", number(2), outcome="bra"), by=lena)

    assert (done.rows, done.taken, done.left, done.told) == (2, 1, 1, [[3, "outcome", "unknown_code"]])


def test_how_a_source_is_read_is_remembered(lena):
    made = uploaded(row(outcome="Bra"), by=lena)
    read = made.source.mapping
    actions.map_columns(made, columns=made.content["columns"], by=lena, at=AT)
    actions.map_codes(made, codes={"outcome": {"bra": "met"}}, by=lena, at=AT)

    next_one = uploaded(row("9", outcome="BRA"), by=lena, source="gamla systemet")

    assert read == {}
    assert Source.objects.count() == 1
    assert len(queries.checked(next_one.content, today=AT.date()).cases) == 1


def test_only_the_team_leader_who_uploaded_it_does_anything_with_it(lena):
    made = uploaded(by=lena)
    for other in (accounts.user(role) for role in Role.values):
        with accounts.at_work(other):
            for act in (actions.confirm, actions.throw_away, actions.read):
                with pytest.raises(Denied):
                    act(made, by=other, at=AT)
            if other.role != Role.TEAM_LEADER:
                with pytest.raises(Denied):
                    uploaded(by=other)


def test_an_extract_with_nothing_to_import_is_not_confirmed(lena):
    with pytest.raises(NotNow, match="inget ärende"):
        actions.confirm(uploaded(row(outcome="bra"), by=lena), by=lena, at=AT)


def test_a_file_that_is_no_table_leaves_nothing(lena):
    with pytest.raises(BadExtract):
        actions.upload(b"", source="Nytt", by=lena, at=AT)

    assert (Source.objects.count(), Extract.objects.count()) == (0, 0)


def test_what_is_thrown_away_or_forgotten_is_destroyed_and_no_other(lena, work):
    thrown = actions.throw_away(uploaded(by=lena), by=lena, at=AT)
    old, fresh, stuck = uploaded(by=lena), uploaded(by=lena), actions.confirm(uploaded(by=lena), by=lena, at=AT)
    Extract.objects.filter(pk__in=[old.pk, stuck.pk]).update(uploaded_at=AT - timedelta(days=31))

    assert work(actions.destroy_old, at=AT) == 3
    assert work(actions.destroy_old, at=AT) == 0
    kept = {made.pk: (made.status, made.__dict__["content"] is None) for made in Extract.objects.all()}
    assert kept == {thrown.pk: ("gone", True), old.pk: ("gone", True), stuck.pk: ("gone", True), fresh.pk: ("uploaded", False)}
    assert set(ObjectKey.objects.values_list("subject", flat=True)) & set(kept) == {fresh.pk}


def test_an_import_that_was_broken_off_goes_on_where_it_was(lena, monkeypatch, work):
    monkeypatch.setattr(actions, "EACH", 2)
    made = actions.confirm(uploaded(*(row(str(n), number(n)) for n in range(1, 6)), by=lena), by=lena, at=AT)
    take = actions._take
    monkeypatch.setattr(actions, "_take", lambda extract, rows, at: take(extract, rows, at=at) if not extract.seen else 1 / 0)

    with pytest.raises(ZeroDivisionError):
        work(actions.carry_out, made.pk, at=AT)
    made.refresh_from_db()
    assert (made.seen, made.taken, Case.objects.count()) == (2, 2, 2)

    monkeypatch.setattr(actions, "_take", take)
    assert work(actions.carry_out, made.pk, at=AT).taken == 5
    assert work(actions.carry_out, made.pk, at=AT).taken == Case.objects.count() == 5


def test_the_worker_reaches_what_it_needs_behind_the_walls(lena, behind_walls, as_face):
    with behind_walls(), accounts.at_work(lena):
        made = actions.confirm(uploaded(row("1"), row("2", number(2)), by=lena), by=lena, at=AT)

    with as_face("worker"), behind_walls("fridhem_worker"):
        assert tasks.carry_out(str(made.pk)) == "done"

    with behind_walls(), accounts.at_work(lena):
        assert (Case.objects.count(), Origin.objects.count(), Extract.objects.count()) == (2, 2, 1)
    with behind_walls(), accounts.at_work(importing.leader(unit=accounts.unit("En annan"))):
        assert (Case.objects.count(), Origin.objects.count(), Extract.objects.count()) == (0, 0, 0)


def test_many_cases_cost_no_more_questions_about_persons_than_few(lena, django_assert_max_num_queries, work):
    made = actions.confirm(uploaded(*(row(str(n), number(n)) for n in range(1, 20)), by=lena), by=lena, at=AT)

    with django_assert_max_num_queries(40 + 19):  # a free number for each case
        work(actions.carry_out, made.pk, at=AT)


def test_the_database_keeps_each_number_of_a_source_once_and_no_file_of_what_is_done(lena, imported):
    done = imported(by=lena)
    origin = Origin.objects.get()
    case = Case.objects.create(
        number="V-TEST1", process_key="none", process_version=0, state={}, unit=lena.unit, district="centrum",
        age_group="adult", opened_on=AT.date(),
    )  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        Origin.objects.create(
            source=done.source, case=case, extract=done, number="x", number_index=origin.number_index, content_index=b"x" * 16
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Extract.objects.filter(pk=done.pk).update(ended_at=None)


def test_everything_is_recorded_and_nothing_of_it_tells_whom(lena, imported):
    imported(row("2024:17"), by=lena)

    said = list(Entry.objects.filter(verb__startswith="importing.").order_by("at", "id").values_list("verb", "reason"))
    assert sorted(said) == [
        ("importing.extract.confirmed", "1"),
        ("importing.extract.imported", "1 0"),
        ("importing.extract.uploaded", "1"),
        ("importing.source.added", ""),
    ]
    with connection.cursor() as cursor:
        for table in (
            "importing_extract",
            "importing_extract_change",
            "importing_source",
            "importing_source_change",
            "importing_origin",
        ):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            assert not any(word in found for (found,) in cursor.fetchall() for word in ("2024:17", "Anna", number(1)))
