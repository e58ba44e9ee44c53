"""What retention asks of imports: to destroy where a case came from, with the case."""

from uuid import UUID

from django.db import transaction

from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.rooms.importing.models import Origin


@transaction.atomic
def dispose(case_id: UUID) -> Destroyed:
    """Destroy the origin of a case, before the case itself; by the house, when retention has decided."""
    return destroy(Origin.objects.filter(case=case_id))
