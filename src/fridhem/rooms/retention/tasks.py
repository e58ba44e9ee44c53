"""What the clock and the worker do for retention."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.keys.refusals import KeysAway
from fridhem.rooms.retention import actions

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=5, retry_exceptions={OperationalError, InterfaceError, KeysAway})


@app.periodic(cron="40 3 * * *")
@app.task(name="retention.assess", queueing_lock="retention.assess")
@as_the_house("retention.assess")
def assess(timestamp: int = 0) -> int:
    """Every night: judge every matter by the rules of the day. It proposes nothing; how many were judged."""
    return actions.assess(at=timezone.now())


@app.task(name="retention.carry_out", retry=AGAIN)
@as_the_house("retention.carry_out")
def carry_out(list_id: str) -> int:
    """Destroy what an approved list holds; how many lines were settled by this run."""
    return actions.carry_out(UUID(list_id), clock=timezone.now)
