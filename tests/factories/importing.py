"""Extracts of another case system."""

from datetime import UTC, date, datetime

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.pure import identity
from fridhem.rooms.importing import actions
from fridhem.rooms.importing.models import Extract
from tests.factories import accounts

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEAD = "Ärendenr;Pnr;Namn;Stadsdel;Målgrupp;Öppnat;Avslutat;Avslutsorsak;Insats;Beslutsdatum;Slutdatum;Utfall;Orsaker"


def leader(**given) -> User:
    return accounts.user(Role.TEAM_LEADER, **given)


def number(place: int) -> str:
    return identity.test_number(date(1985, 7, 9), place)


def row(case: str = "2024:17", person: str = "", name: str = "Anna Klöver", outcome: str = "met") -> str:
    """A case with one intervention; `person` by identity number, the first of ours without."""
    given = f"Centrum;vuxen;2024-01-02;2024-06-01;finished;support_talks;2024-01-10;2024-05-30;{outcome};neglect"
    return f"{case};{person or number(1)};{name};{given}"


def data(*rows: str) -> bytes:
    return "\r\n".join([HEAD, *(rows or (row(),))]).encode()


def uploaded(*rows: str, by: User, source: str = "Gamla systemet") -> Extract:
    return actions.upload(data(*rows), source=source, by=by, at=AT)
