"""What the clock does for the house as a whole."""

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit import anchors
from fridhem.foundation.audit.alerts import alert, is_open
from fridhem.foundation.audit.chain import Fault
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.foundation.database.acting import Acting, acting
from fridhem.foundation.keys.client import KeysAway

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="site.retry_stalled", queueing_lock="site.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Every minute: take up again what a worker that died had begun. How many there were."""
    manager = context.app.job_manager
    retried = 0
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except ConnectorException:
            # It was taken up or done since it was found, or the same work waits already: the next minute looks again.
            logger.info("stalled job %s was left for the next minute", job.id)
        else:
            retried += 1
    return retried


@app.periodic(cron="* * * * *")
@app.task(name="site.anchor_the_record", queueing_lock="site.anchor_the_record")
def anchor_the_record(timestamp: int) -> int:
    """Every minute: tell the key service where the record stands. How many faults that showed."""
    with acting(Acting(None, "site.anchor_the_record")):
        try:
            return _tell(anchors.anchor(), "minute")
        except KeysAway:
            _raise_once(AlertKind.ANCHOR_LATE)
            raise


@app.periodic(cron="40 3 * * *")
@app.task(name="site.verify_the_record", queueing_lock="site.verify_the_record")
def verify_the_record(timestamp: int) -> int:
    """Every night: recompute the whole record and hold it against every anchor. How many faults that showed."""
    with acting(Acting(None, "site.verify_the_record")):
        return _tell(anchors.verify().faults, "night")


def _tell(faults: list[Fault], when: str) -> int:
    """Raise one alert for all faults, and say in the record what was found first."""
    if faults:
        first = faults[0]
        reason = f"{when} {first.kind} {first.seq or first.entry} of {len(faults)}"
        record("audit.record.broken", subject=None, by=None, at=timezone.now(), reason=reason)
        _raise_once(AlertKind.RECORD_BROKEN)
    return len(faults)


@transaction.atomic
def _raise_once(kind: AlertKind) -> None:
    """An alert that nobody has acknowledged yet says it already."""
    if not is_open(kind):
        alert(kind, subject=None, about_user=None, at=timezone.now(), roles=[Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
