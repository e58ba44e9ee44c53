"""The keys of objects: made with the object, opened by the key service, kept in the drawer of the work at hand, destroyed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from nacl.utils import random

from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.service import acting_now, asking, key_service
from fridhem.foundation.database.acting import Acting
from fridhem.foundation.keys.client import Wrapped

KEY = 32  # bytes
BATCH = 1000  # keys written or asked for at a time

Name = tuple[str, UUID]  # zone, subject


class _Commit:
    """Whether what was written in a transaction still stands: it does until a rollback takes it back."""

    def __init__(self) -> None:
        self.done = False
        transaction.on_commit(self)

    def __call__(self) -> None:
        self.done = True

    @property
    def stands(self) -> bool:
        """True while the transaction, or the part of it that wrote, hasn't been rolled back."""
        return self.done or any(hook[1] is self for hook in connection.run_on_commit)


def opening(zone: str, subject: UUID) -> bytes:
    """The key of an object that exists. Raises `Unopenable` when it was destroyed or never made, and as `KeyService.unwrap`."""
    found = _in_drawer((zone, subject))
    if found is None:
        unlock([(zone, subject)])
        found = _in_drawer((zone, subject))
    if found is None:
        raise Unopenable("This value can't be opened.")
    return found


def sealing(zone: str, subject: UUID, *, is_new: bool = False) -> bytes:
    """The key of an object, made now if it has none. `is_new` when the object itself is: saves a question."""
    found = _in_drawer((zone, subject))
    if found is None and not is_new:
        unlock([(zone, subject)])
        found = _in_drawer((zone, subject))
    if found is None:
        make([(zone, subject)])
        found = _in_drawer((zone, subject))
    return opening(zone, subject) if found is None else found  # another process was first


def unlock(names: Iterable[Name]) -> None:
    """Open the keys of many objects with one question to the database and one to the key service."""
    wanted = [name for name in dict.fromkeys(names) if _in_drawer(name) is None]
    if not wanted:
        return
    rows = ObjectKey.objects.filter(subject__in={subject for _zone, subject in wanted})
    found = [row for row in rows if (row.zone, row.subject) in set(wanted)]
    if not found:
        return
    keys = unwrapped([wrapped(row) for row in found])
    opened = {(row.zone, row.subject): (key, None) for row, key in zip(found, keys, strict=True) if key is not None}
    acting_now().drawer.update(opened)


def opened(who: Acting) -> int:
    """How many keys were opened in this work; those that were made in it aren't counted."""
    return sum(1 for name, held in who.drawer.items() if len(name) != 2 or held[1] is None)


def make(names: Collection[Name]) -> None:
    """Make the keys of new objects. One that has a key already keeps it."""
    made = {name: random(KEY) for name in names}
    rows = []
    for (zone, subject), key in made.items():
        sealed = key_service().wrap(zone, str(subject), key)
        rows.append((zone, subject, sealed.version, sealed.box))
    stored: set[Any] = set()
    for start in range(0, len(rows), BATCH):
        stored.update(_insert(rows[start : start + BATCH]))
    written = _Commit()
    acting_now().drawer.update({name: (key, written) for name, key in made.items() if name in stored})


def destroy(zone: str, subjects: Collection[UUID]) -> int:
    """Make what was sealed under these objects' keys unreadable for ever, also from a backup; how many keys there were.

    The key service forgets first: should the rest fail, it can be done again.
    """
    key_service().forget(zone, [str(subject) for subject in subjects])
    deleted, _kinds = ObjectKey.objects.filter(zone=zone, subject__in=subjects).delete()
    for subject in subjects:
        acting_now().drawer.pop((zone, subject), None)
    return deleted


def unwrapped(closed: Sequence[Wrapped]) -> Sequence[bytes | None]:
    """Each key, opened by the key service; None for one that is damaged or was destroyed."""
    try:
        return key_service().unwrap(closed, **asking())
    except Unopenable as refused:
        return refused.opened or [None] * len(closed)


def wrapped(row: ObjectKey) -> Wrapped:
    """The row as the key service knows it."""
    return Wrapped(row.zone, str(row.subject), row.version, bytes(row.box))


def _in_drawer(name: Name) -> bytes | None:
    """The key, if it's at hand and hasn't been taken back by a rollback."""
    drawer = acting_now().drawer
    held: tuple[bytes | None, _Commit | None] = drawer.get(name, (None, None))
    key, written = held
    if written is not None and not written.stands:
        del drawer[name]
        return None
    return key


def _insert(rows: list[tuple[str, UUID, int, bytes]]) -> set[Name]:
    """Write the keys that aren't there yet; which of them were."""
    values = ", ".join(["(gen_random_uuid(), %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO crypto_object_key (id, zone, subject, version, box) VALUES {values} "
            "ON CONFLICT DO NOTHING RETURNING zone, subject",
            [value for row in rows for value in row],
        )
        return set(cursor.fetchall())
