"""What the worker does for the council room."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.council import actions

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=5, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="council.read_incoming", retry=AGAIN)
@as_the_house("council.read_incoming")
def read_incoming(delivery_id: str) -> int:
    """Read the files of a delivery; how many were read."""
    return actions.read_incoming(UUID(delivery_id), at=timezone.now())
