"""C34: whoever owns the database server, and knows how the chain is made, is found out."""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import psycopg
import pytest
from django.db import connection, transaction

from fridhem.foundation.audit import chain

pytestmark = [pytest.mark.safety("C34"), pytest.mark.django_db(transaction=True)]

LINES = 240
WRITE = """
    INSERT INTO audit_entry (id, at, verb, actor, subject_kind, subject, about, reason, purpose)
    SELECT gen_random_uuid(), timestamptz '2026-01-01' + n * interval '1 second', 'casework.case.read', gen_random_uuid(),
           'casework.case', gen_random_uuid(), gen_random_uuid(), 'contact', 'casework:case'
    FROM generate_series(1, %s) n
"""
KEEP = "CREATE TABLE kept_entry AS TABLE audit_entry; CREATE TABLE kept_link AS TABLE audit_link"
RESTORE = """
    SET session_replication_role = replica; DELETE FROM audit_entry; DELETE FROM audit_link;
    INSERT INTO audit_entry SELECT * FROM kept_entry; INSERT INTO audit_link SELECT * FROM kept_link;
    SET session_replication_role = origin
"""
# Recompute every digest from a link on, as someone would who knows how.
REWRITE = """
    DO $$ DECLARE link record; before bytea; BEGIN
        SELECT digest INTO before FROM audit_link WHERE seq < {n} ORDER BY seq DESC LIMIT 1;
        before := coalesce(before, ''::bytea);
        FOR link IN SELECT l.seq, e FROM audit_link l JOIN audit_entry e ON e.id = l.entry WHERE l.seq >= {n} ORDER BY l.seq LOOP
            UPDATE audit_link SET prev = before, digest = sha256(before || convert_to(audit_canonical(link.e), 'UTF8'))
            WHERE seq = link.seq RETURNING digest INTO before;
        END LOOP;
    END $$
"""
RENUMBER = "UPDATE audit_link SET seq = -seq WHERE seq > {n}; UPDATE audit_link SET seq = -seq + ({by}) WHERE seq < 0"
PUT_IN = """
    SET session_replication_role = replica;
    INSERT INTO audit_entry SELECT gen_random_uuid(), at, verb, actor, subject_kind, subject, reason, about, purpose
    FROM (SELECT at, verb, actor, subject_kind, subject, reason, about, purpose FROM audit_entry LIMIT 1) copied
"""
COLUMNS = {
    "at": "at + interval '1 microsecond'", "verb": "verb || '.'", "actor": "NULL", "subject_kind": "'persons.person'",
    "subject": "gen_random_uuid()", "about": "NULL", "reason": "''", "purpose": "'intake:inbox'",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A link that was anchored."""

    seq: int
    digest: bytes


def alter(n: int, chance: random.Random) -> str:
    column = chance.choice(list(COLUMNS))
    return f"UPDATE audit_entry SET {column} = {COLUMNS[column]} WHERE id = (SELECT entry FROM audit_link WHERE seq = {n})"


def take_away(n: int, chance: random.Random) -> str:
    line = f"DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_link WHERE seq = {n})"
    link = f"DELETE FROM audit_link WHERE seq = {n}"
    closed = f"{line}; {link}; {RENUMBER.format(n=n, by=-1)}"
    return chance.choice([line, link, f"{line}; {link}", closed, f"{closed}; {REWRITE.format(n=n)}"])


def put_in(n: int, chance: random.Random) -> str:
    return f"{PUT_IN}; SET session_replication_role = origin"


def exchange(n: int, chance: random.Random) -> str:
    other = chance.choice([seq for seq in range(1, LINES + 1) if seq != n])
    links = f"UPDATE audit_link SET seq = -(CASE seq WHEN {n} THEN {other} ELSE {n} END) WHERE seq IN ({n}, {other}); "
    moved = links + "UPDATE audit_link SET seq = -seq WHERE seq < 0"
    return chance.choice([moved, f"{moved}; {REWRITE.format(n=min(n, other))}"])


def cut(n: int, chance: random.Random) -> str:
    lines = f"DELETE FROM audit_entry WHERE id IN (SELECT entry FROM audit_link WHERE seq >= {n}); "
    return chance.choice([lines + f"DELETE FROM audit_link WHERE seq >= {n}", "TRUNCATE audit_entry, audit_link"])


def rewrite(n: int, chance: random.Random) -> str:
    return f"{alter(n, chance)}; {REWRITE.format(n=n)}"


WAYS: tuple[Callable[[int, random.Random], str], ...] = (alter, take_away, put_in, exchange, cut, rewrite)


def test_every_tampering_is_found(proof, size, superuser):
    _write(LINES)
    anchors = [Known(*chain.tail())]
    superuser.execute(KEEP)
    chance, tries, overlooked = random.Random(34), size(200, 1000), []

    for number in range(tries):
        statement = WAYS[number % len(WAYS)](chance.randint(1, LINES), chance)
        if _changed_and_overlooked(superuser, statement, anchors):
            overlooked.append(statement)
    assert chain.verify(anchors).holds, "the chain that nobody touched holds"
    unanchored = _without_anchor(superuser)

    superuser.execute("DROP TABLE kept_entry, kept_link")
    proof.measured(f"{tries - len(overlooked)} of {tries} tamperings found, in a chain of {LINES} lines")
    proof.measured(f"without the anchor a cut or rewritten chain is {'found' if unanchored else 'not found'}")
    assert overlooked == []
    assert not unanchored, "the control: it is the anchor that finds these"


def test_verifying_the_record_costs_little_more_than_reading_it(proof, size):
    """The bar is 50,000 lines a second; a test asserts no time, so it's held against the least that anyone could do here."""
    lines = size(50_000, 1_000_000)
    began = time.monotonic()
    _write(lines)
    written = time.monotonic() - began

    reports: list[chain.Report] = []
    rounds = [(_seconds(_read_alone), _seconds(lambda: reports.append(chain.verify()))) for _ in range(3)]

    least, verified = (min(each) for each in zip(*rounds, strict=True))
    proof.measured(f"{lines:,} lines linked at {lines / written:,.0f}/s in one transaction")
    proof.measured(
        f"verified at {lines / verified:,.0f}/s on the clock, {verified / least:.1f} times as long as reading and hashing the "
        f"bytes alone (load {os.getloadavg()[0]:.1f})"
    )
    assert [(report.links, report.faults) for report in reports] == [(lines, [])] * 3
    assert verified / least < 8


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _read_alone() -> None:
    """Every line and link in the order of the chain, hashed as they come, and nothing looked at."""
    seal = sha256()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        with cursor.copy(f"COPY ({chain._LINKS}) TO STDOUT (FORMAT BINARY)") as stream:
            for piece in stream:
                seal.update(piece)


def _changed_and_overlooked(superuser: psycopg.Connection, statement: str, anchors: list[Known]) -> bool:
    superuser.execute(statement)
    report = chain.verify(anchors)
    superuser.execute(RESTORE)
    return report.holds


def _without_anchor(superuser: psycopg.Connection) -> bool:
    """Whether a chain that was cut, and one that was written anew, are found without the anchor."""
    chance = random.Random(0)
    found = [
        not _changed_and_overlooked(superuser, statement, [])
        for statement in (cut(LINES - 3, chance), rewrite(LINES - 3, chance))
    ]
    return any(found)


def _write(lines: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE, [lines])
