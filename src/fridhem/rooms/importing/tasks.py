"""What the worker does with extracts."""

from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.keys.refusals import KeysAway, TooMany
from fridhem.rooms.importing import actions

# Someone may register one of the persons meanwhile, and a large extract waits for the key service's hour.
PASSES = {OperationalError, InterfaceError, IntegrityError, KeysAway, TooMany}
AGAIN = RetryStrategy(max_attempts=20, linear_wait=60, retry_exceptions=PASSES)


@app.task(name="importing.carry_out", retry=AGAIN)
@as_the_house("importing.carry_out")
def carry_out(extract_id: str) -> str:
    """Import the cases of a confirmed extract; its new status."""
    return str(actions.carry_out(UUID(extract_id), at=timezone.now()).status)


@app.periodic(cron="50 3 * * *")
@app.task(name="importing.destroy_old")
@as_the_house("importing.destroy_old")
def destroy_old(timestamp: int = 0) -> int:
    """Every night, and when one is thrown away: destroy extracts that won't be imported; how many."""
    return actions.destroy_old(at=timezone.now())
