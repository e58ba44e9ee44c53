"""For whom the house is working right now: what row security, the keys and the record go by.

Set once at the edge (a request, a task, a command) and read where it matters; nothing below the edge guesses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.signals import connection_created


@dataclass(frozen=True)
class Acting:
    """Who is acting, and for what. `user` is None when the house itself is (a task, a command).

    `purpose` names the page, task or command, such as `casework:case`; never a person. `drawer` holds what was unlocked for
    this work, and is emptied with it. `said` are the verbs that it has written in the record.
    """

    user: UUID | None
    purpose: str
    role: str = ""
    unit: UUID | None = None
    zones: frozenset[str] = frozenset()
    drawer: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    said: list[str] = field(default_factory=list, compare=False, repr=False)


_now: ContextVar[Acting | None] = ContextVar("fridhem_acting", default=None)
SETTINGS = ("fridhem.user", "fridhem.role", "fridhem.unit", "fridhem.zones", "fridhem.purpose")
_TELL = f"SELECT {', '.join(f'set_config({name!r}, %s, false)' for name in SETTINGS)}"


def current() -> Acting | None:
    """Who is acting, None when nobody said."""
    return _now.get()


@contextmanager
def acting(who: Acting) -> Iterator[Acting]:
    """Work for `who` until the block ends; the database knows it too (`current_setting('fridhem.user', true)` and the others)."""
    before = _now.set(who)
    _tell()
    try:
        yield who
    finally:
        who.drawer.clear()
        _now.reset(before)
        _tell()


@contextmanager
def as_the_house(purpose: str) -> Iterator[Acting]:
    """Work as the house itself; also stands above a task: `@as_the_house("council.read_incoming")`."""
    with acting(Acting(None, purpose)) as who:
        yield who


def _tell() -> None:
    """Say it to the connection that is open. One that can't be told is closed: it must never serve the next one."""
    if connection.connection is None:
        return
    if connection.in_atomic_block and connection.needs_rollback:
        return  # the rollback takes back what was set inside
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TELL, _values(_now.get()))
    except Exception:
        if connection.in_atomic_block:
            raise
        connection.close()


def _values(who: Acting | None) -> list[str]:
    if who is None:
        return [""] * len(SETTINGS)
    return [str(who.user or ""), who.role, str(who.unit or ""), ",".join(sorted(who.zones)), who.purpose]


def tell_new_connection(sender: Any, connection: Any, **_more: Any) -> None:
    """A connection that opens in the middle of the work is told at once."""
    who = _now.get()
    if who is not None:
        with connection.cursor() as cursor:
            cursor.execute(_TELL, _values(who))


connection_created.connect(tell_new_connection, dispatch_uid="fridhem.acting")
