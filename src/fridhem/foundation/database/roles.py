"""Who connects: one PostgreSQL role per process, each with what it needs and nothing else.

The owner migrates and owns the tables; no serving process signs in as it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

OWNER, STAFF, PUBLIC, WORKER = "fridhem_owner", "fridhem_staff", "fridhem_public", "fridhem_worker"
SERVING = (STAFF, PUBLIC, WORKER)
ROLES = (OWNER, *SERVING)


@dataclass(frozen=True)
class Grants:
    """What an app lets the roles do beyond the rule of the house.

    The rule: the staff and the worker read and write every table, the public process touches none.
    `public`: table → privileges of the public role, such as `"INSERT"` or `"SELECT"`.
    `public_functions`: signatures that the public role may call, such as `"intake_mailbox(bytea)"`.
    `append_only`: tables that staff and worker may read and add to, never change.
    `only`: table → all that staff and worker may do with it, such as `"SELECT"`; empty for a table that is the database's own.
    `worker_functions`: signatures that the worker may call and the staff may not.
    """

    public: Mapping[str, str]
    public_functions: Sequence[str] = ()
    append_only: Sequence[str] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    worker_functions: Sequence[str] = ()


def ensure_roles(
    connection: psycopg.Connection, passwords: Mapping[str, str], database: str, *, template: str = "template0"
) -> None:
    """Make the roles and the database where they are missing, and set the passwords.

    `connection` must be a superuser's, or one with CREATEROLE and CREATEDB, in autocommit. `template` is what a new database
    begins as.
    """
    for role in ROLES:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if known else "CREATE"
        may = "CREATEDB" if role == OWNER else "NOCREATEDB"
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(role), sql.SQL(may), sql.Literal(passwords[role])
            )
        )
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )


def apply_grants(connection: psycopg.Connection, grants: Sequence[Grants]) -> None:
    """Give every role exactly what the apps declare; what was granted before is taken back first.

    `connection` is the owner's. Safe to run again.
    """
    serving = sql.SQL(", ").join(map(sql.Identifier, SERVING))
    trusted = sql.SQL(", ").join(map(sql.Identifier, (STAFF, WORKER)))
    database = connection.info.dbname
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {serving}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {serving}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {serving}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, {serving}",
        "GRANT USAGE ON SCHEMA public TO {serving}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {trusted}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {trusted}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {trusted}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {trusted}",
    ):
        connection.execute(sql.SQL(statement).format(serving=serving, trusted=trusted, database=sql.Identifier(database)))
    for grant in grants:
        for rule in _own_rules(grant):
            connection.execute(rule)


def _own_rules(grant: Grants) -> Iterator[sql.Composed]:
    """The statements that bring the roles from the rule of the house to what one app declares."""
    name, names = sql.Identifier, sql.SQL(", ").join(map(sql.Identifier, (STAFF, WORKER)))
    for table, privileges in {**dict.fromkeys(grant.append_only, "SELECT, INSERT"), **grant.only}.items():
        yield sql.SQL("REVOKE ALL ON {} FROM {}").format(name(table), names)
        if privileges:
            yield sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(privileges), name(table), names)
    for table, privileges in grant.public.items():
        yield sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(privileges), name(table), name(PUBLIC))
    for function in grant.public_functions:
        yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), name(PUBLIC))
    for function in grant.worker_functions:
        yield sql.SQL("REVOKE ALL ON FUNCTION {} FROM {}").format(sql.SQL(function), name(STAFF))
