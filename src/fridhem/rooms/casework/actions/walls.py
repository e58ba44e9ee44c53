"""What shuts a case to a colleague (jäv), and what happens when one knocks there."""

from datetime import datetime

from django.db import transaction

from fridhem.foundation.accounts.conflicts import tell_of_conflict
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.rooms.casework import permissions, queries
from fridhem.rooms.casework.enums import StepStatus, WallGround
from fridhem.rooms.casework.models import Case, Step, Wall


@transaction.atomic
def put_wall(case: Case, *, user: User, ground: str, by: User, at: datetime) -> Wall:
    """Shut a case to a colleague, also when they are on its team; steps that they had are free. Harmless when it's shut already.

    Raises `Denied`, also for oneself; ValueError for an unknown ground.
    """
    permissions.check_may_wall(case, user, by)
    defaults = {"ground": WallGround(ground).value, "said_by": by, "said_at": at}
    wall, made = Wall.objects.get_or_create(case=case, user=user, defaults=defaults)
    if made:
        Step.objects.filter(case=case, status=StepStatus.OPEN, assigned_to=user).update(assigned_to=None)
        record("casework.wall.put", subject=wall, by=by, at=at, reason=wall.ground)
    return wall


@transaction.atomic
def knock(number: str, *, by: User, at: datetime) -> None:
    """Someone asked for a case that they don't see: a conflict of interest is recorded, and the leaders hear of it."""
    case = queries.walled(number)
    if case is not None:
        tell_of_conflict(case, by=by, at=at)
