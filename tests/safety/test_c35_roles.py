"""C35: no role that serves can alter, remove or forge what stands in the record, its chain, its alerts or the history."""

import itertools

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from fridhem.foundation.audit import chain
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.record import record
from tests.factories import accounts
from tests.foundation.test_roles import connect_as

pytestmark = [pytest.mark.safety("C35"), pytest.mark.django_db(transaction=True)]

FACES = ("staff", "worker", "public")
ON_EACH_TABLE = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} ADD COLUMN mine int",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TABLE {table}",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM {table} FOR UPDATE",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_link_entry()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {table} USING (true)",
    "GRANT ALL ON {table} TO CURRENT_USER; UPDATE {table} SET {column} = {column}",
)
ELSEWHERE = (
    "SET session_replication_role = replica",
    "SET ROLE fridhem_owner",
    "SET SESSION AUTHORIZATION fridhem_owner",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER FUNCTION audit_link_entry() RENAME TO mine",
    "DROP FUNCTION audit_canonical(audit_entry)",
    "CREATE OR REPLACE FUNCTION audit_link_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SELECT audit_link_entry()",
    "CREATE TEMP TABLE audit_entry (id uuid)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "INSERT INTO audit_link (seq, entry, prev, digest) VALUES (99, gen_random_uuid(), '', '')",
    "INSERT INTO audit_unlinked VALUES (gen_random_uuid())",
    "INSERT INTO audit_tail VALUES (true)",
    "DELETE FROM audit_tail",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "COPY audit_entry FROM PROGRAM 'true'",
)
FOR_THE_WORKER = "SELECT audit_forget_history(ARRAY[]::uuid[], 'mine')"


def of_the_record() -> list[tuple[str, str]]:
    """The tables of the record and of the history, each with a column."""
    found = [model for model in apps.get_models() if model._meta.app_label == "audit" or hasattr(model, "pgh_tracked_model")]
    return [(model._meta.db_table, model._meta.pk.column) for model in found] + [
        ("audit_tail", "one"),
        ("audit_unlinked", "entry"),
    ]


def succeeded(as_role: psycopg.Connection, statement: str) -> bool:
    try:
        with as_role.transaction(force_rollback=True):
            as_role.execute(statement)
    except psycopg.Error:
        return False
    return True


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: cursor.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table, _column in of_the_record()}


def test_no_serving_role_gets_at_the_record(proof, test_house):
    user = accounts.user()
    record("test.thing.done", subject=user, by=user, at=timezone.now())
    alert("break_glass", subject=user, about_user=user, at=timezone.now(), roles=["team_leader"])
    before, tried, got_through = rows(), 0, []

    aimed = [sql.format(table=table, column=column) for (table, column), sql in itertools.product(of_the_record(), ON_EACH_TABLE)]
    for face in FACES:
        with connect_as(test_house, face) as as_role:
            for statement in (*aimed, *ELSEWHERE):
                tried += 1
                if succeeded(as_role, statement):
                    got_through.append((face, statement))
            if face != "worker" and succeeded(as_role, FOR_THE_WORKER):
                got_through.append((face, FOR_THE_WORKER))

    proof.measured(f"{len(got_through)} of {tried} attempts by {len(FACES)} roles on {len(before)} tables succeeded")
    assert got_through == []
    assert rows() == before
    assert chain.verify().holds


def test_the_control_the_owner_could(proof, superuser):
    """The attempts are real ones: whoever owns the tables gets through with them."""
    tried = [sql.format(table="audit_entry", column="id") for sql in ON_EACH_TABLE[:3]]

    got_through = [succeeded(superuser, statement) for statement in tried]

    proof.measured(f"the control: the server's owner gets through with {sum(got_through)} of {len(tried)}")
    assert all(got_through)
