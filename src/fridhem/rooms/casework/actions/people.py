"""What can be done with the people of a case, by those who work with it. What protects them is in the room `persons`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import permissions, queries
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons import actions as persons


@transaction.atomic
def identify(case: Case, *, by: User, at: datetime, **given: Any) -> Case:
    """Say who the case is about, when nobody knew; `given` as in `persons.actions.register`. Raises `Denied`, `NotNow`."""
    permissions.check_may_write(case, by)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.person_id is not None:
        raise NotNow(_("It's already known who the case is about."))
    case.person_id = persons.register(by=by, at=at, **given).pk
    case.save(update_fields=["person"])
    record("casework.case.identified", subject=case, by=by, at=at)
    return case


@transaction.atomic
def relate(case: Case, *, by: User, at: datetime, kind: str, **given: Any) -> None:
    """Add someone to the case: what they are to the one it's about. Raises `Denied`, `NotNow` for one who is there already."""
    permissions.check_may_write(case, by)
    if case.person is None:
        raise NotNow(_("It isn't known yet who the case is about."))
    other = persons.register(by=by, at=at, **given)
    if other.pk in {person.pk for person in queries.people(case)}:
        raise NotNow(_("That person is already in the case."))
    persons.relate(case.person, by=by, at=at, other=other, kind=kind)


@transaction.atomic
def unrelate(case: Case, person: UUID, *, by: User, at: datetime) -> None:
    """Take someone out of the case, when it turns out that they don't belong there. Raises `Denied`."""
    permissions.check_may_write(case, by)
    persons.unrelate(queries.relation(case, person), by=by, at=at)


@transaction.atomic
def protect(case: Case, person: UUID, *, by: User, at: datetime, protection: str) -> None:
    """Set why someone in the case is protected, or that they no longer are. Raises `Denied`."""
    persons.protect(_member(case, person, by), by=by, at=at, protection=protection)


@transaction.atomic
def reveal(case: Case, person: UUID, *, by: User, at: datetime, reason: str) -> persons.Revealed:
    """Name and number of someone in the case; the look and its reason are recorded. Raises `Denied`."""
    return persons.reveal(_member(case, person, by), by=by, at=at, reason=reason)


@transaction.atomic
def add_detail(
    case: Case, person: UUID, *, by: User, at: datetime, kind: str, value: str, valid_from: date | None = None
) -> None:
    """Keep something that could lead to someone in the case. Raises `Denied`."""
    persons.add_detail(_member(case, person, by), by=by, at=at, kind=kind, value=value, valid_from=valid_from)


@transaction.atomic
def reveal_detail(case: Case, detail: UUID, *, by: User, at: datetime, reason: str, words: str) -> str:
    """One protected detail of someone in the case: recorded with its reason, and the team leader is alerted.

    Raises `Denied` outside the case or without the protected zone, ValueError without a reason.
    """
    permissions.check_may_read(case, by)
    found = queries.detail(case, detail)
    return persons.reveal_detail(found, by=by, at=at, reason=reason, words=words, unit=case.unit_id)


@transaction.atomic
def change_detail(case: Case, detail: UUID, *, by: User, at: datetime, value: str) -> None:
    """A new value takes the place of a detail. Raises `Denied`, `NotNow`."""
    permissions.check_may_write(case, by)
    persons.change_detail(queries.detail(case, detail), by=by, at=at, value=value)


@transaction.atomic
def end_detail(case: Case, detail: UUID, *, by: User, at: datetime, ended_on: date) -> None:
    """Say when a detail stopped being true. Raises `Denied`, `NotNow`."""
    permissions.check_may_write(case, by)
    persons.end_detail(queries.detail(case, detail), by=by, at=at, ended_on=ended_on)


def _member(case: Case, person: UUID, by: User) -> Any:
    permissions.check_may_read(case, by)
    found = next((one for one in queries.people(case) if one.pk == person), None)
    if found is None:
        raise Denied(_("That person isn't in the case."))
    return found
