"""What retention asks of disclosures: whom one went to, and to destroy those of a case with the case.

That something left, when and by whose hand stays in the record; to whom and what goes with the case that it was taken from.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.rooms.disclosures.models import Allowance, Departure, Disclosure, Export, File


def persons_told(person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these persons something was disclosed to, in a case that is still there."""
    told = (model.objects.filter(person__in=person_ids) for model in (Disclosure, Export))
    return {person for found in told for person in found.values_list("person_id", flat=True)}


@transaction.atomic
def dispose(case_id: UUID) -> Destroyed:
    """Destroy what left a case and what was stopped, before the case itself; by the house, when retention has decided."""
    return destroy(
        Export.objects.filter(case=case_id),
        Departure.objects.filter(disclosure__case=case_id),
        Allowance.objects.filter(case=case_id),
        File.objects.filter(case=case_id),
        Disclosure.objects.filter(case=case_id),
    )
