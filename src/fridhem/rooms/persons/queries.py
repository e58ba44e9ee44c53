"""What can be known of persons. Whether a user needs to know is asked by the room that has the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.blind_index import fingerprint, name_tokens
from fridhem.foundation.crypto.boxes import Unopenable
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


def named(typed: str, *, user: User) -> QuerySet[Person]:
    """The persons whose names have words that begin as what was typed, at least three letters each. Never a protected one."""
    tokens = name_tokens(typed, zone="case")
    return visible_to(user).filter(name_index__contains=tokens) if tokens else Person.objects.none()


def make_ready(people: Iterable[Person | None]) -> None:
    """Open what a list shows of `people` with one question, however many they are."""
    access.unlock(people)


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
