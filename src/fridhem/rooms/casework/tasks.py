"""What the clock does in casework."""

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.rooms.casework import actions, queries


@app.periodic(cron="10 4 * * *")
@app.task(queueing_lock="casework.time_limits")
def let_time_limits_pass(timestamp: int) -> int:
    """Every morning: let the time limits that passed do what the diagrams say. How many cases were looked at."""
    now = timezone.now()
    late = list(queries.with_timers_before(timezone.localdate(now)))
    for case in late:
        actions.let_time_pass(case, at=now)
    return len(late)
