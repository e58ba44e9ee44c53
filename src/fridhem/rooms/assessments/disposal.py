"""What retention asks of assessments: whom one is about, and to destroy those of a case with the case."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.rooms.assessments.models import Assessment


def persons_assessed(person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these persons were assessed in a case that is still there."""
    return set(Assessment.objects.filter(person__in=person_ids).values_list("person_id", flat=True))


@transaction.atomic
def dispose(case_id: UUID) -> Destroyed:
    """Destroy the assessments of a case, before the case itself; by the house, when retention has decided."""
    return destroy(Assessment.objects.filter(case=case_id))
