"""What can be known of persons. Whether a user needs to know is asked by the room that has the case."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import fingerprint
from fridhem.pure import identity
from fridhem.rooms.persons import permissions
from fridhem.rooms.persons.models import Person


@dataclass(frozen=True)
class Shown:
    """A person as a list or a page may show it: masked when the person is protected."""

    id: UUID
    name: str
    identity_number: str
    is_protected: bool


def visible_to(user: User) -> QuerySet[Person]:
    """The persons that `user` may handle at all: everyone or no one, by role."""
    return Person.objects.all() if permissions.may_handle_persons(user) else Person.objects.none()


def with_identity_number(number: str, *, user: User, on: date) -> Person | None:
    """The person with exactly this number, if there is one. Raises `identity.NotAnIdentityNumber`."""
    index = fingerprint(str(identity.parse(number, on=on)), zone="case")
    return visible_to(user).filter(identity_index=index).first()


def shown(person: Person | None) -> Shown | None:
    """What may stand on a page without a special reason: everything unless the person is protected, then nothing.

    A person whose name can't be opened is masked too: a list is never lost to one damaged row.
    """
    if person is None:
        return None
    if person.is_protected:
        return Shown(person.pk, _("Protected personal data"), "", is_protected=True)
    try:
        number = identity.masked(person.identity_number) if person.identity_number else ""
        return Shown(person.pk, person.name, number, is_protected=False)
    except Unopenable:
        return Shown(person.pk, _("Can't be read"), "", is_protected=True)
