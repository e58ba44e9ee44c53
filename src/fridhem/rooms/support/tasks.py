"""What the clock does for support."""

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.support import actions


@app.periodic(cron="20 1 * * *")
@app.task(name="support.forget_days")
@as_the_house("support.forget_days")
def forget_days(timestamp: int = 0) -> int:
    """Every night: let anonymous contacts of earlier days say only in which year they were; how many."""
    return actions.forget_days(at=timezone.now())
