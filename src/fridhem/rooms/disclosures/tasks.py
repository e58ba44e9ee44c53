"""What the worker does with the whole files of cases."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.keys.refusals import KeysAway, TooMany
from fridhem.rooms.disclosures.actions import exports

AGAIN = RetryStrategy(max_attempts=20, linear_wait=60, retry_exceptions={OperationalError, InterfaceError, KeysAway, TooMany})


@app.task(name="disclosures.pack", retry=AGAIN)
@as_the_house("disclosures.pack")
def pack(export_id: str) -> str:
    """Put the whole file of a case together; its new status."""
    return str(exports.pack(UUID(export_id), at=timezone.now()).status)


@app.periodic(cron="40 3 * * *")
@app.task(name="disclosures.destroy_old")
@as_the_house("disclosures.destroy_old")
def destroy_old(timestamp: int = 0) -> int:
    """Every night: destroy the whole files that have been kept for their days; how many."""
    return exports.destroy_old(at=timezone.now())
