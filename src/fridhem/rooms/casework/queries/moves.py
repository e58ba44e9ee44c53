"""What the process owner can know of running cases: how many there are on each version, and what came of moving them."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import permissions
from fridhem.rooms.casework.models import Move


@dataclass(frozen=True)
class Running:
    """How many open cases there are on a version of a process."""

    key: str
    version: int
    count: int


def running() -> list[Running]:
    """The versions that open cases are on. Counted by the database for the process owner, who reads no case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, version, cases FROM casework_running()")
        return [Running(*row) for row in cursor.fetchall()]


def moves(user: User) -> QuerySet[Move]:
    """What has been ordered, newest first."""
    found = Move.objects.select_related("ordered_by")
    return found if permissions.moves_cases(user) else found.none()
