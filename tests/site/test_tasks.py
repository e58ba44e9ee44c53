"""What the clock does: the jobs of a worker that died are taken up again, each by itself."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from fridhem.foundation.files.tasks import examine_again
from fridhem.rooms.council.tasks import read_incoming
from fridhem.site.tasks import retry_stalled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs")]


def put(job: int, status: str) -> None:
    """The job as a worker leaves it: done, or stopped in the middle when it died."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s, worker_id = NULL WHERE id = %s", [status, job])


def look() -> int:
    """What the clock does each minute, on a connection like the worker's."""

    job = Job(id=0, queue="default", lock=None, queueing_lock=None, task_name=retry_stalled.name, task_kwargs={})

    async def once() -> int:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            async with worker.open_async():
                context = JobContext(start_timestamp=0.0, app=worker, job=job, abort_reason=lambda: None)
                return await retry_stalled.func(context, timestamp=0)

    with ThreadPoolExecutor(1) as aside:  # in the tests' own thread runs Playwright's loop
        return aside.submit(asyncio.run, once()).result()


def status(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


def test_a_stalled_job_that_cannot_be_taken_up_keeps_no_other_from_it():
    twin = examine_again.defer(timestamp=0)
    put(twin, "doing")
    waiting = examine_again.defer(timestamp=1)  # the same work waits already: only one of a kind may
    other = read_incoming.defer(delivery_id=str(uuid4()))
    put(other, "doing")

    assert look() == 1
    assert [status(job) for job in (twin, waiting, other)] == ["doing", "todo", "todo"]

    put(waiting, "succeeded")
    assert look() == 1
    assert status(twin) == "todo"
    assert look() == 0
