"""Destroy rows and the keys of what was sealed in them, so that it can be proven and can't be read, not from a backup either."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet

from fridhem.foundation.crypto import object_keys
from fridhem.foundation.crypto.box_field import BoxField, apart
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import SealedField, sealed_fields
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.service import key_service

Name = tuple[str, UUID | str]  # zone, and the object whose key it is or the place of a box


@dataclass(frozen=True)
class Destroyed:
    """What was destroyed: the ids of the rows, a digest over all that stood in them (SHA-256, hex), and whose keys are to go.

    The digest covers random ids and ciphertexts, so nobody can guess back from it; while a copy lives it can be compared.
    """

    rows: tuple[Any, ...]
    digest: str
    keys: frozenset[Name] = frozenset()

    @classmethod
    def together(cls, parts: Iterable["Destroyed"]) -> "Destroyed":
        """Several as one, in their order."""
        known = list(parts)
        digest = sha256("".join(part.digest for part in known).encode()).hexdigest()
        return cls(tuple(row for part in known for row in part.rows), digest, frozenset().union(*(part.keys for part in known)))


def destroy(*rows: QuerySet) -> Destroyed:
    """Delete the rows of each query, in the order given: what points to something before what it points to.

    Must run inside a transaction. Raises `ProtectedError` or `IntegrityError` when something else still points to one of them:
    then nothing is destroyed. The keys are still there: `forget` them as the last thing before the transaction ends.
    """
    seal, gone, keys = sha256(), list[Any](), set[Name]()
    for query in rows:
        columns = [field.attname for field in query.model._meta.concrete_fields]
        for row in query.order_by("pk").iterator(50):
            seal.update(repr((row._meta.db_table, [row.__dict__[column] for column in columns])).encode())
            keys.update(name for field in sealed_fields(type(row)) if (name := _name(field, row)))
            gone.append(row.pk)
        _delete(query)
    check_references()
    return Destroyed(tuple(gone), seal.hexdigest(), frozenset(keys))


def _delete(query: QuerySet) -> None:
    """Delete the rows; those of an append-only table by the database's own function, named by its model (`destroyed_by`)."""
    function = getattr(query.model, "destroyed_by", None)
    if function is None:
        query.order_by().delete()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {connection.ops.quote_name(function)}(%s)", [list(query.values_list("pk", flat=True))])


def count_keys(keys: Iterable[Name]) -> int:
    """How many of these keys there are: of objects in the table, and one in each box."""
    known = set(keys)
    subjects = {name for _zone, name in known if isinstance(name, UUID)}
    held = ObjectKey.objects.filter(subject__in=subjects).values_list("zone", "subject")
    return len(known & set(held)) + sum(isinstance(name, str) for _zone, name in known)


def forget(keys: Iterable[Name]) -> None:
    """Make what was sealed under these keys unreadable for ever. It can't be taken back by a rollback, and is safe to do again.

    Raises as `KeyService.forget`.
    """
    zones = dict[str, list[UUID | str]]()
    for zone, name in sorted(keys, key=str):
        zones.setdefault(zone, []).append(name)
    for zone, names in zones.items():
        object_keys.destroy(zone, [name for name in names if isinstance(name, UUID)])
        key_service().forget(zone, [name for name in names if isinstance(name, str)])


def check_references() -> None:
    """Let what tables promise each other be checked here, and not when the transaction ends. Raises `IntegrityError`."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _name(field: SealedField, row: models.Model) -> Name | None:
    """Whose key closes this column of the row; None for a box that we have no key to, or that is empty."""
    if not isinstance(field, BoxField):
        return (field.zone, field.subject(row))
    held = row.__dict__[field.attname]
    try:
        return (field.zone, field.place(row)) if held and apart(held) else None
    except Unopenable:
        return None
