"""Someone who lives hidden, with what must never leave the house; and someone whose name nobody knows yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from fridhem.foundation.accounts.models import Unit, User
from fridhem.pure.identity import test_number
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import people as involved
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.enums import DetailKind, Protection
from fridhem.site.demonstration.staff import ADULTS

DETAILS = {
    DetailKind.ADDRESS: "Tranbärsvägen 27 B, 907 52 Umeå",
    DetailKind.PHONE: "070-174 06 58",
    DetailKind.WORKPLACE: "Tvinnaregatans bageri, Umeå",
    DetailKind.NEW_NAME: "Maja Vinterkrasse",
}


def hide_someone(people: Mapping[str, User], *, now: datetime) -> int:
    """Open a case about someone who moved away and hides, with her child and the one she fled from. How many cases there were."""
    at = now - timedelta(days=3)
    born = at.date().replace(year=at.year - 34, month=5, day=14)
    hidden = persons.register(by=people["mona"], at=at, name="Selma Solvända", identity_number=test_number(born, 77)).pk
    case = _open(people, at, hidden)
    viola = people["viola"]
    involved.protect(case, hidden, by=viola, at=at, protection=Protection.PROTECTED_REGISTRATION)
    for kind, value in DETAILS.items():
        involved.add_detail(case, hidden, by=viola, at=at, kind=kind, value=value)
    involved.relate(case, by=viola, at=at, kind="child", name="Tilda Solvända", protection=Protection.PROTECTED_REGISTRATION)
    child = cases.people(case)[1]
    involved.add_detail(case, child.pk, by=viola, at=at, kind=DetailKind.SCHOOL, value="Humlebackens förskola, Umeå")
    involved.relate(case, by=viola, at=at, kind="former_partner", name="Rasmus Renfana")
    _open(people, now - timedelta(hours=5), None)
    return 2


def _open(people: Mapping[str, User], at: datetime, person: UUID | None) -> Case:
    return casework.open_case(
        by=people["mona"],
        at=at,
        district="unknown",
        person_id=person,
        unit=Unit.objects.get(name=ADULTS),
        team=[people["viola"]],
        summary="Har flyttat från orten och hålls gömd. Allt som skickas ut prövas först."
        if person
        else "Ringde utan att säga vem hon var.",
    )
