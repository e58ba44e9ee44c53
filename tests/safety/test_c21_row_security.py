"""C21: with every filter of the application taken away, the database itself gives nobody a row that isn't theirs."""

import pytest
from django.apps import apps
from django.db import InternalError, ProgrammingError, connection, transaction

from fridhem.foundation.accounts.enums import Role
from tests.factories import accounts
from tests.safety import world
from tests.safety.world import MODELS, own

pytestmark = [pytest.mark.django_db, pytest.mark.safety("C21")]


# What the small municipality doesn't have; each is tried where it is made.
EMPTY = {
    "casework.Absence",
    "casework.Delegation",
    "casework.Wall",
    "casework.Move",
    "conformance.Measurement",
    "casework.BreakGlass",
    "casework.CaseLink",
    "casework.Extension",
    "persons.Recusal",
    "intake.Wall",
    "intake.PublicText",
    "persons.Reveal",
    "importing.Source",
    "importing.Extract",
    "importing.Origin",
    "reviews.Review",
    "reviews.DrawnCase",
    "reviews.Measure",
}
EMPTY |= {"council.Delivery", "council.Incoming", "retention.DisposalList", "retention.Line", "retention.Proof"}
EMPTY |= {"casework.DisposedCount", "intake.DisposedCount", "disclosures.Allowance", "disclosures.Export"}
EMPTY |= {"oversight.Review", "oversight.Question"}


def rows(model) -> set:
    """Every row that the connection can get of a table, with a bare SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {model._meta.db_table}")
        return {row[0] for row in cursor.fetchall()}


def foreign(user, behind_walls) -> tuple[int, list]:
    """How many rows the user got, and the tables that gave a row which isn't the user's."""
    theirs = {model: own(user, model) for model in MODELS}
    with behind_walls(), accounts.at_work(user):
        got = {model: rows(model) for model in MODELS}
    return sum(map(len, got.values())), [(user.username, model._meta.label) for model in MODELS if got[model] - theirs[model]]


def test_a_bare_select_gives_each_person_their_own_rows_only(behind_walls, proof):
    made = world.build()
    empty = {model._meta.label for model in MODELS if not model._default_manager.exists()}
    assert empty <= EMPTY

    answers = [foreign(user, behind_walls) for user in made.people.values()]

    assert [table for _rows, tables in answers for table in tables] == []
    assert sum(n for n, _tables in answers) > 100, "they see what is theirs"
    proof.measured(f"0 foreign rows of {sum(n for n, _t in answers)} that {len(answers)} people got from {len(MODELS)} tables")


def test_without_anyone_acting_there_is_not_one_row(behind_walls, proof):
    world.build()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fridhem.user', '', false), set_config('fridhem.purpose', '', false)")

    with behind_walls():
        as_staff = {model._meta.label: rows(model) for model in MODELS}
    with behind_walls("fridhem_worker"):
        as_worker = {model._meta.label: rows(model) for model in MODELS}

    assert {label: found for label, found in as_staff.items() if found} == {}
    assert {label: found for label, found in as_worker.items() if found} == {}
    proof.measured(f"0 rows without context from {len(MODELS)} tables, as staff and as worker")


def test_everyone_reaches_what_is_theirs(behind_walls, proof):
    """The other half: a wall that shuts everything would hold too."""
    made, missing = world.build(), []
    for user in made.people.values():
        for model in MODELS:
            theirs = own(user, model)
            with behind_walls(), accounts.at_work(user):
                missing += [(user.username, model._meta.label) for _ in theirs - rows(model)]

    assert missing == []
    proof.measured("what visible_to shows is what the database gives")


def refused(statement: str, *values) -> bool:
    """Whether the database changes nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except (ProgrammingError, InternalError) as error:
        assert "row-level security" in str(error) or "permission denied" in str(error), error
        return True


def test_nobody_changes_a_foreign_row_or_lets_themselves_in(behind_walls, proof):
    made, tried = world.build(), 0
    stranger = made.people["caseworker without cases"]
    case = apps.get_model("casework.Case")._default_manager.first()
    with behind_walls(), accounts.at_work(stranger):
        for model in MODELS:
            if model._meta.label in {"casework.NeedToKnow", "persons.Recusal", "persons.Handling", "intake.PublicText"}:
                continue
            column = next(field.column for field in model._meta.concrete_fields if not field.primary_key)
            assert refused(f"UPDATE {model._meta.db_table} SET {column} = {column}"), model
            assert refused(f"DELETE FROM {model._meta.db_table}"), model
            tried += 2
        letting_in = [
            ("INSERT INTO casework_assignment VALUES (gen_random_uuid(), current_date, %s, %s)", case.pk, stranger.pk),
            ("UPDATE casework_need_to_know SET sees = 'reads'",),
            ("INSERT INTO casework_need_to_know VALUES (gen_random_uuid(), 'caseworker', 'unit', 'reads', '2020-01-01', NULL)",),
            ("DELETE FROM persons_recusal",),
            ("DELETE FROM casework_wall",),
        ]
        assert all(refused(*way) for way in letting_in)
    proof.measured(f"0 of {tried + len(letting_in)} changes of foreign rows went through")


def test_a_hole_in_a_wall_is_found(behind_walls, proof):
    made = world.build()
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY leak ON casework_note FOR SELECT TO fridhem_staff USING (true)")

    _rows, tables = foreign(made.people[Role.AUDITOR], behind_walls)

    assert tables == [("auditor", "casework.Note")]
    proof.measured("the control: a hole in one wall is found")
