"""Does the record hold together? Each line is linked to the one before, and some links are known outside the database.

A link's digest is SHA-256 of the digest before it and the line itself, so a line can't be altered, taken away, put in or moved
without every later digest being another. Whoever can rewrite the whole chain is found by the anchors, which the database doesn't
hold.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from django.db import connection, transaction

MOST_FAULTS = 1000  # more than so many tell nothing more
VERSION = 1  # of the writing, the same as in the database's function `audit_canonical`

_LINKS = """
    SELECT link.seq, link.prev, link.digest, entry.id::text, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.verb::text,
           entry.actor::text, entry.subject_kind::text, entry.subject::text, entry.about::text, entry.reason::text,
           entry.purpose::text
    FROM audit_link link LEFT JOIN audit_entry entry ON entry.id = link.entry
    ORDER BY link.seq
"""
_TYPES = ["int8", "bytea", "bytea", "text", "int8", *["text"] * 7]
_UNLINKED = """
    SELECT entry.id::text FROM audit_entry entry LEFT JOIN audit_link link ON link.entry = entry.id
    WHERE link.seq IS NULL ORDER BY entry.at LIMIT %s
"""

# Lines that have come since the database last counted them would otherwise be looked for one by one, among all of them.
_AS_MANY = "SET LOCAL enable_nestloop = off"


class Kind(StrEnum):
    """How the chain is broken at a place."""

    ALTERED = "altered"  # the line isn't what it was when it was linked
    MISSING = "missing"  # a line or a link was taken away
    MOVED = "moved"  # a link doesn't follow the one before it
    INSERTED = "inserted"  # a line that was never linked
    CUT = "cut"  # the chain ends before an anchor
    REWRITTEN = "rewritten"  # the chain holds together, but isn't the one that was anchored


@dataclass(frozen=True)
class Fault:
    """A place where the chain is broken: the link's number, or the id of a line without one."""

    kind: Kind
    seq: int | None = None
    entry: str | None = None


class Anchor(Protocol):
    """A link as it's known outside the database."""

    @property
    def seq(self) -> int: ...
    @property
    def digest(self) -> bytes: ...


@dataclass
class Report:
    """What a verification found. `tail` is the last link: its number and digest."""

    links: int = 0
    anchors: int = 0
    tail: tuple[int, bytes] = (0, b"")
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether the chain is whole and the one that was anchored."""
        return not self.faults


def tail() -> tuple[int, bytes]:
    """Number and digest of the newest link; (0, empty) before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, digest FROM audit_link ORDER BY seq DESC LIMIT 1")
        found = cursor.fetchone()
    return (found[0], bytes(found[1])) if found else (0, b"")


def compare(anchors: Collection[Anchor]) -> list[Fault]:
    """Hold just the anchored links against their anchors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, digest FROM audit_link WHERE seq = ANY(%s)", [[anchor.seq for anchor in anchors]])
        found = {seq: bytes(digest) for seq, digest in cursor.fetchall()}
    last = tail()[0]
    return [
        Fault(Kind.CUT if anchor.seq > last else Kind.REWRITTEN, anchor.seq)
        for anchor in anchors
        if found.get(anchor.seq) != bytes(anchor.digest)
    ]


def verify(anchors: Iterable[Anchor] = ()) -> Report:
    """Recompute the whole chain as it is now, and hold it against `anchors`."""
    report = Report()
    expected = {anchor.seq: bytes(anchor.digest) for anchor in anchors}
    for row in _links():
        seq, digest = row[0], row[2]
        if seq != report.tail[0] + 1 or row[1] != report.tail[1] or _digest(row) != digest:
            report.faults += _faults(row, after=report.tail)
        if seq in expected and expected[seq] != digest:
            report.faults.append(Fault(Kind.REWRITTEN, seq))
        report.links, report.tail = report.links + 1, (seq, digest)
        if len(report.faults) > MOST_FAULTS:
            return report
    report.anchors = len(expected)
    report.faults += [Fault(Kind.CUT, seq) for seq in expected if seq > report.tail[0]]
    report.faults += [Fault(Kind.INSERTED, entry=entry) for entry in _unlinked()]
    return report


_as_text = json.JSONEncoder(ensure_ascii=False).encode


def _digest(row: tuple[Any, ...]) -> bytes:
    """The digest that a link should have: SHA-256 of the one before and the line, written as `audit_canonical` writes it."""
    return sha256(row[1] + _as_text([VERSION, *row[3:]]).encode()).digest()


def _faults(row: tuple[Any, ...], *, after: tuple[int, bytes]) -> Iterator[Fault]:
    """What is wrong with one link, `after` the one before it."""
    seq, prev, digest, entry = row[:4]
    if seq != after[0] + 1:
        yield Fault(Kind.MISSING, after[0] + 1)
    elif prev != after[1]:
        yield Fault(Kind.MOVED, seq)
    if entry is None:
        yield Fault(Kind.MISSING, seq)
    elif _digest(row) != digest:
        yield Fault(Kind.ALTERED, seq, entry)


def _links() -> Iterator[tuple[Any, ...]]:
    """Every link with its line, in order, from one moment; never all of them in memory."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AS_MANY)
        with cursor.copy(f"COPY ({_LINKS}) TO STDOUT (FORMAT BINARY)") as stream:
            stream.set_types(_TYPES)
            yield from stream.rows()


def _unlinked() -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AS_MANY)
        cursor.execute(_UNLINKED, [MOST_FAULTS])
        return [entry for (entry,) in cursor.fetchall()]
