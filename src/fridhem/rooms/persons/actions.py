"""What can be done with persons: register, relate, protect, reveal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.blind_index import fingerprint, fingerprints, name_index
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.pure import identity
from fridhem.rooms.persons import permissions, queries, rules
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

    A person who is already known keeps the name; a stronger `protection` is set and a weaker one isn't, an `address` is set when
    there is none: what is told of a danger is never lost. Safe when two register the same person at once. Raises `Denied`,
    `identity.NotAnIdentityNumber`, ValueError for an unknown protection.
    """
    permissions.check_may_handle_persons(by)
    protection = Protection(protection).value
    given = {"name": name, "name_index": _index(name, protection), "protection": protection, "address": address or None}
    if not identity_number:
        person, made = Person.objects.create(**given), True
    else:
        number = str(identity.parse(identity_number, on=timezone.localdate(at)))
        person, made = Person.objects.select_for_update().get_or_create(
            identity_index=fingerprint(number, zone="case"), defaults={"identity_number": number, **given}
        )
    if made:
        record("persons.person.registered", subject=person, by=by, at=at)
    else:
        _strengthen(person, by=by, at=at, protection=protection)
        _complete(person, by=by, at=at, address=address)
    return person


@transaction.atomic
def register_many(people: Iterable[tuple[str, str]], *, by: User, at: datetime) -> list[Person]:
    """Register many who aren't known yet, each as (name, identity number), in batches and with one line in the audit log.

    Raises `Denied`, `identity.NotAnIdentityNumber`, IntegrityError when one of them is already known.
    """
    permissions.check_may_handle_persons(by)
    today = timezone.localdate(at)
    named = [(name, str(identity.parse(written, on=today))) for name, written in people]
    indexes = fingerprints([number for _name, number in named], zone="case")
    by_name = name_index([name for name, _number in named], zone="case")
    rows = [
        Person(name=name, name_index=words, identity_number=number, identity_index=index, protection=Protection.NONE.value)
        for (name, number), index, words in zip(named, indexes, by_name, strict=True)
    ]
    access.begin(rows)
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
    _set_protection(person, Protection(protection).value)
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
    """The protected address, empty when there is none; the look and its reason are recorded. Raises `Denied`, ValueError.

    That `by` needs to know of this person is asked by the room that has the case: call `casework.actions.reveal_address`.
    """
    permissions.check_may_reveal_address(by)
    record("persons.address.revealed", subject=person, by=by, at=at, reason=RevealReason(reason).value)
    return person.address or ""


# ── Parts of the verbs ────────────────────────────────────────────────────


def _strengthen(person: Person, *, by: User, at: datetime, protection: str) -> None:
    """Raise the protection of a known person. One that can't be read hides everything already, and is left to be mended."""
    try:
        stronger = rules.is_stronger(protection, than=person.protection)
    except Unopenable:
        return
    if stronger:
        _set_protection(person, protection)
        record("persons.person.protected", subject=person, by=by, at=at)


def _set_protection(person: Person, protection: str) -> None:
    """Who is protected can't be found by name."""
    person.protection, person.name_index = protection, _index(person.name, protection)
    person.save(update_fields=["protection", "name_index"])


def _index(name: str, protection: str) -> list[int] | None:
    return name_index([name], zone="case")[0] if protection == Protection.NONE else None


def _complete(person: Person, *, by: User, at: datetime, address: str) -> None:
    """Set the address of a known person who has none; the one that is there isn't opened for this."""
    if address and Person.objects.filter(pk=person.pk, address=None).exists():
        person.address = address
        person.save(update_fields=["address"])
        record("persons.address.set", subject=person, by=by, at=at)
