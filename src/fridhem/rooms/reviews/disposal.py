"""What retention asks of reviews: to destroy what was said of a case with the case. The figures that were signed off stay."""

from uuid import UUID

from django.db import transaction

from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.rooms.reviews.models import DrawnCase


@transaction.atomic
def dispose(case_id: UUID) -> Destroyed:
    """Destroy what reviews say of a case, before the case itself; by the house, when retention has decided."""
    return destroy(DrawnCase.objects.filter(case=case_id))
