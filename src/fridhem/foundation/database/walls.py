"""Row-level security as a migration says it: which rows of a table a serving role reaches.

    operations = [
        walls.close("casework_note"),                                             # from now on nobody reaches a row
        walls.let("team", "casework_note", may="SELECT, INSERT", where=IN_MY_CASES),
        walls.shut("conflict", "casework_case", where="id NOT IN (SELECT casework_shut())"),
    ]

The owner, who migrates, stands outside the walls; no serving process signs in as the owner. Write what is the same for every row
as a scalar subquery, `(SELECT acting_user())`: then it's asked once and not for each row.
"""

from collections.abc import Iterator

from django.db.migrations import RunSQL

from fridhem.foundation.database.roles import STAFF, WORKER

# What holds for the house's own tasks, which act as nobody: see `acting.as_the_house`.
HOUSE = "(SELECT acting_house())"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def close(*tables: str) -> RunSQL:
    """From now on a serving role reaches only the rows that it's let to."""
    return RunSQL(
        "".join(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;" for table in tables),
        "".join(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table in tables),
    )


def let(name: str, table: str, *, where: str, check: str = "", may: str = "SELECT, INSERT, UPDATE", to: str = STAFF) -> RunSQL:
    """Let `to` do what it `may` with the rows `where` (SQL) it's true, and write only rows where `check` is (`where` without)."""
    return _policies(name, table, where, check or where, may, to, "PERMISSIVE")


def shut(name: str, table: str, *, where: str, check: str = "", to: str = STAFF) -> RunSQL:
    """Whatever else lets `to` in: only to rows `where` this is true too."""
    return _policies(name, table, where, check or where, EVERYTHING, to, "RESTRICTIVE")


def let_house(table: str, may: str) -> RunSQL:
    """Let the house's own tasks do what they need."""
    return let("house", table, where=HOUSE, may=may, to=WORKER)


def _policies(name: str, table: str, where: str, check: str, may: str, to: str, kind: str) -> RunSQL:
    verbs = may.split(", ")
    made = [
        f"CREATE POLICY {name}_{verb.lower()} ON {table} AS {kind} FOR {verb} TO {to} {' '.join(_clauses(verb, where, check))};"
        for verb in verbs
    ]
    return RunSQL("".join(made), "".join(f"DROP POLICY {name}_{verb.lower()} ON {table};" for verb in verbs))


def _clauses(verb: str, where: str, check: str) -> Iterator[str]:
    if verb != "INSERT":
        yield f"USING ({where})"
    if verb in {"INSERT", "UPDATE"}:
        yield f"WITH CHECK ({check})"
