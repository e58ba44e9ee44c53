"""Each process's database role has what its work needs, and nothing else; asked of PostgreSQL itself."""

import json

import psycopg
import pytest
from django.db import connection

from fridhem.foundation.database import grants, roles

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in cursor.fetchall()]


def held(role: str) -> set[tuple[str, str]]:
    """Every (table, privilege) that PostgreSQL says the role has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tablename, p.name FROM pg_tables t, unnest(%s::text[]) AS p(name) "
            "WHERE t.schemaname = 'public' AND has_table_privilege(%s, 'public.' || quote_ident(t.tablename), p.name)",
            [list(PRIVILEGES), role],
        )
        return set(cursor.fetchall())


def connect_as(test_house, face: str) -> psycopg.Connection:
    """A connection of its own to the test database, signed in as the face's role."""
    url = json.loads(test_house.face(face).read_text())["database_url"]
    return psycopg.connect(url.replace("/fridhem?", f"/{connection.settings_dict['NAME']}?"), autocommit=True)


@pytest.mark.django_db
def test_the_public_role_has_what_the_apps_declare_and_nothing_else():
    declared = {
        (table, privilege.strip())
        for grant in grants.declared()
        for table, privileges in grant.public.items()
        for privilege in privileges.split(",")
    }

    assert held(roles.PUBLIC) == declared


@pytest.mark.django_db
@pytest.mark.parametrize("role", [roles.STAFF, roles.WORKER])
def test_no_serving_role_empties_a_table_or_alters_the_record(role):
    rights = held(role)

    assert {name for name, privilege in rights if privilege in ("TRUNCATE", "REFERENCES", "TRIGGER")} == set()
    assert {privilege for name, privilege in rights if name == "audit_entry"} == {"SELECT", "INSERT"}
    assert {privilege for name, privilege in rights if name == "audit_link"} == {"SELECT"}
    assert {privilege for name, privilege in rights if name.endswith("_change")} == {"INSERT"}
    assert {name for name, privilege in rights if name in ("audit_tail", "audit_unlinked")} == set()
    assert {privilege for name, privilege in rights if name == "django_migrations"} == {"SELECT"}


@pytest.mark.django_db
def test_no_serving_role_owns_anything_or_may_make_roles():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        owners = {owner for (owner,) in cursor.fetchall()}
        cursor.execute(
            "SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) FROM pg_roles WHERE rolname = ANY(%s)",
            [list(roles.SERVING)],
        )
        (mighty,) = cursor.fetchone()

    assert (owners, mighty) == ({roles.OWNER}, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("face", ["staff", "worker", "public"])
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_entry SET verb = 'nothing'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_entry",
        "CREATE TABLE mine (id int)",
        "SET ROLE fridhem_owner",
        "SET session_replication_role = replica",
        "CREATE TEMPORARY TABLE scratch (id int)",
        "SELECT lo_create(0)",
        "COPY audit_entry TO PROGRAM 'cat'",
    ],
)
def test_the_record_withstands_every_serving_process(test_house, face, attempt):
    with connect_as(test_house, face) as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute(attempt)


@pytest.mark.django_db
def test_giving_the_rights_again_changes_nothing():
    before = {role: held(role) for role in roles.SERVING}

    grants.apply()

    assert {role: held(role) for role in roles.SERVING} == before


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_no_serving_process_gets_into_another_database(test_house, database):
    url = json.loads(test_house.face("public").read_text())["database_url"]

    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(url.replace("/fridhem?", f"/{database}?"))
