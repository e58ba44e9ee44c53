"""What can be done with persons: register, relate, protect, reveal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.fields import fingerprint
from fridhem.pure import identity
from fridhem.rooms.persons import permissions, queries
from fridhem.rooms.persons.enums import Protection, RelationKind, RevealReason
from fridhem.rooms.persons.models import Person, Relation


@dataclass(frozen=True)
class Revealed:
    """What was hidden, for the one who gave a reason."""

    name: str
    identity_number: str


@transaction.atomic
def register(
    *,
    by: User,
    at: datetime,
    name: str,
    identity_number: str = "",
    protection: str = Protection.NONE,
    address: str = "",
) -> Person:
    """The person with this identity number, registered now if nobody with it was; without a number always a new one.

    A person who is already known is left as it was. Raises `Denied`, `identity.NotAnIdentityNumber`, ValueError for an
    unknown protection.
    """
    permissions.check_may_handle_persons(by)
    number = str(identity.parse(identity_number, on=timezone.localdate(at))) if identity_number else None
    index = fingerprint(number, zone="case") if number else None
    known = Person.objects.filter(identity_index=index).first() if index else None
    if known:
        return known
    person = Person.objects.create(
        name=name,
        identity_number=number,
        identity_index=index,
        protection=Protection(protection).value,
        address=address or None,
    )
    record("persons.person.registered", subject=person, by=by, at=at)
    return person


@transaction.atomic
def register_many(people: Iterable[tuple[str, str]], *, by: User, at: datetime) -> list[Person]:
    """Register many who aren't known yet, each as (name, identity number), in batches and with one line in the audit log.

    Raises `Denied`, `identity.NotAnIdentityNumber`, IntegrityError when one of them is already known.
    """
    permissions.check_may_handle_persons(by)
    today = timezone.localdate(at)
    rows = []
    for name, written in people:
        number = str(identity.parse(written, on=today))
        index = fingerprint(number, zone="case")
        rows.append(Person(name=name, identity_number=number, identity_index=index, protection=Protection.NONE.value))
    Person.objects.bulk_create(rows, batch_size=1000)
    record("persons.persons.registered", subject=None, by=by, at=at, reason=str(len(rows)))
    return rows


@transaction.atomic
def find(*, identity_number: str, by: User, at: datetime) -> Person | None:
    """The person with exactly this number; that somebody looked is recorded. Raises `Denied`, `NotAnIdentityNumber`."""
    permissions.check_may_handle_persons(by)
    person = queries.with_identity_number(identity_number, user=by, on=timezone.localdate(at))
    record("persons.person.looked_up", subject=person, by=by, at=at)
    return person


@transaction.atomic
def protect(person: Person, *, by: User, at: datetime, protection: str) -> Person:
    """Set why the person's data is protected, or that it no longer is. Raises `Denied`, ValueError for an unknown word."""
    permissions.check_may_handle_persons(by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.protection = Protection(protection).value
    person.save(update_fields=["protection"])
    record("persons.person.protected", subject=person, by=by, at=at)
    return person


@transaction.atomic
def relate(person: Person, *, by: User, at: datetime, other: Person, kind: str) -> Relation:
    """Say what `other` is to `person`. Raises `Denied`, ValueError for an unknown kind."""
    permissions.check_may_handle_persons(by)
    relation = Relation.objects.create(person=person, other=other, kind=RelationKind(kind).value)
    record("persons.relation.made", subject=relation, by=by, at=at)
    return relation


@transaction.atomic
def reveal(person: Person, *, by: User, at: datetime, reason: str) -> Revealed:
    """Name and number of a person, protected or not; the look and its reason are recorded. Raises `Denied`, ValueError."""
    permissions.check_may_handle_persons(by)
    record("persons.person.revealed", subject=person, by=by, at=at, reason=RevealReason(reason).value)
    return Revealed(name=person.name, identity_number=person.identity_number or "")


@transaction.atomic
def reveal_address(person: Person, *, by: User, at: datetime, reason: str) -> str:
    """The protected address, empty when there is none; the look and its reason are recorded. Raises `Denied`, ValueError."""
    permissions.check_may_reveal_address(by)
    record("persons.address.revealed", subject=person, by=by, at=at, reason=RevealReason(reason).value)
    return person.address or ""
