"""What the clock does in oversight."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.oversight import actions


@app.periodic(cron="20 5 * * 1")
@app.task(name="oversight.draw_last_week", queueing_lock="oversight.draw_last_week")
@as_the_house("oversight.draw_last_week")
def draw_last_week(timestamp: int) -> str:
    """Every Monday morning: draw the sample of the week that ended. Its first day; harmless to do again."""
    now = timezone.now()
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday() + 7)
    return str(actions.draw_review(monday=monday, at=now).since)
