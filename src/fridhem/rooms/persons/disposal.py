"""What retention asks of persons: when someone was born, and to destroy what is known of someone nobody needs to know of."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.access import unlock
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.pure import identity
from fridhem.rooms.persons.models import Handling, Person, ProtectedDetail, Relation, Reveal


@transaction.atomic
def born(person_ids: Collection[UUID], *, at: datetime) -> dict[UUID, date | None]:
    """When each of these persons was born, None when no number is known. By the house; one line in the record for them all.

    A number that can't be opened leaves its person out: who can't be judged isn't in the answer.
    """
    today, found = timezone.localdate(at), dict[UUID, date | None]()
    people = list(Person.objects.filter(pk__in=person_ids).only("id", "sealed_number"))
    unlock(people, "sealed_number")
    for person in people:
        try:
            number = person.sealed_number
        except Unopenable:
            continue
        found[person.pk] = identity.parse(number, on=today).born if number else None
    record("persons.birth_days.read", subject=None, by=None, at=at, reason=str(len(found)))
    return found


def related(person_id: UUID) -> set[UUID]:
    """Those who have a relation to the person, in either direction."""
    pairs = Relation.objects.filter(Q(person=person_id) | Q(other=person_id)).values_list("person_id", "other_id")
    return {one for pair in pairs for one in pair} - {person_id}


def lock(person_id: UUID) -> bool:
    """Hold the person's row until the transaction ends, so that nobody opens a case meanwhile; whether it's there."""
    return Person.objects.select_for_update().filter(pk=person_id).exists()


@transaction.atomic
def dispose(person_id: UUID, *, at: datetime) -> Destroyed:
    """Destroy what is known of a person and the relations. By the house, when no case needs the person or a relative."""
    details = ProtectedDetail.objects.filter(person=person_id)
    details.update(replaces=None)
    destroyed = destroy(
        Reveal.objects.filter(detail__person=person_id),
        details,
        Handling.objects.filter(person=person_id),
        Relation.objects.filter(Q(person=person_id) | Q(other=person_id)),
        Person.objects.filter(pk=person_id),
    )
    record("persons.person.disposed", subject=None, by=None, at=at)
    return destroyed
