"""What the worker does for statistics."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.statistics import actions


@app.task(name="statistics.count_and_protect")
@as_the_house("statistics.count_and_protect")
def count_and_protect(release_id: str) -> str:
    """Count and protect an ordered table; its new status."""
    return actions.count_and_protect(UUID(release_id), at=timezone.now()).status
