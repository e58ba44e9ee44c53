"""What the worker does for conformance."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.conformance import actions


@app.task(name="conformance.count")
@as_the_house("conformance.count")
def count(measurement_id: str) -> str:
    """Count and protect a measurement; its new status."""
    return actions.count(UUID(measurement_id), at=timezone.now()).status
