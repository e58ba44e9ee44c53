"""C03: a worker that is killed in the middle of its tasks leaves nothing undone, nothing done twice and nothing stuck.

Every task is stopped at a lock in the middle of its work, all at once; then the worker is killed, and another is started as
`fridhem start` would.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.files import keeping
from fridhem.foundation.files.enums import Reason, Status
from fridhem.foundation.files.models import File, Piece
from fridhem.foundation.files.taking_in import Quarantined
from fridhem.foundation.files.tasks import examine_again
from fridhem.rooms.casework import tasks as casework_tasks
from fridhem.rooms.casework.models import Move, ProcessEvent, Step
from fridhem.rooms.conformance import actions as conformance_actions
from fridhem.rooms.conformance import tasks as conformance_tasks
from fridhem.rooms.conformance.models import Measurement
from fridhem.rooms.council import actions as council_actions
from fridhem.rooms.council import tasks as council_tasks
from fridhem.rooms.council.models import Document, Incoming
from fridhem.rooms.disclosures import tasks as disclosures_tasks
from fridhem.rooms.disclosures.actions import exports
from fridhem.rooms.disclosures.models import Export
from fridhem.rooms.importing import actions as importing_actions
from fridhem.rooms.importing import tasks as importing_tasks
from fridhem.rooms.importing.models import Extract, Origin
from fridhem.rooms.oversight.models import Review
from fridhem.rooms.oversight.tasks import draw_last_week
from fridhem.rooms.processes.models import Version
from fridhem.rooms.retention import tasks as retention_tasks
from fridhem.rooms.statistics import actions as statistics_actions
from fridhem.rooms.statistics import tasks as statistics_tasks
from fridhem.rooms.statistics.models import Release
from fridhem.rooms.support import tasks as support_tasks
from fridhem.rooms.support.models import AnonymousContact
from fridhem.site import tasks as site_tasks
from tests.factories import accounts, casework, conformance, council, importing, processes, statistics, support

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs")]
MOST = 120  # seconds until everything is done


@dataclass(frozen=True)
class Tried:
    """A task in the middle of which the worker dies: how it's ordered, the lock that it meets on its way, and what it does."""

    order: Callable[[], None]
    lock: str
    done: Callable[[], object]
    expected: object


def late_case() -> Tried:
    case = casework.case_at("propose", by=casework.leader(), at=casework.MONDAY.replace(year=2025))
    return Tried(
        lambda: casework_tasks.let_time_limits_pass.defer(timestamp=0),
        f"SELECT FROM casework_case WHERE id = '{case.pk}' FOR UPDATE",
        lambda: sorted(Step.objects.filter(case=case, status="open").values_list("node", flat=True)),
        ["extend", "propose"],
    )


def delivery() -> Tried:
    given = [council_actions.File(f"{number}.txt", council.memo(f"KS 2025/{number}").encode()) for number in (1, 2, 3)]
    handed = council_actions.hand_over(given, by=accounts.user(Role.SECRETARY), at=council.MONDAY)
    return Tried(
        lambda: council_tasks.read_incoming.defer(delivery_id=str(handed.pk)),
        f"SELECT pg_advisory_xact_lock({council_actions.LINKING})",
        lambda: (
            Document.objects.count(),
            Entry.objects.filter(verb="council.document.taken_in").count(),
            Incoming.objects.filter(data=None).count(),
        ),
        (3, 3, 3),
    )


def table() -> Tried:
    statistics.facts()
    by = statistics.strategist()
    ordered = statistics_actions.order(key="granted_reasons", year=2025, by=by, at=statistics.AT)
    return Tried(
        lambda: statistics_tasks.count_and_protect.defer(release_id=str(ordered.pk)),
        "LOCK casework_intervention_reason IN ACCESS EXCLUSIVE MODE",
        lambda: (
            Release.objects.get().status,
            Entry.objects.filter(verb="statistics.release.ready").count(),
        ),
        ("ready", 1),
    )


def measurement() -> Tried:
    conformance.followed(in_time=1, too_late=0)
    ordered = conformance_actions.order(key="vinr_adult", year=2026, by=conformance.owner(), at=conformance.AT)
    return Tried(
        lambda: conformance_tasks.count.defer(measurement_id=str(ordered.pk)),
        "LOCK conformance_measurement IN EXCLUSIVE MODE",
        lambda: (Measurement.objects.get().status, Entry.objects.filter(verb="conformance.measurement.ready").count()),
        ("ready", 1),
    )


def unscanned_file() -> Tried:
    file = keeping.keep(Quarantined(b"Hej", Reason.UNSCANNED), owner=casework.case(), name="a.txt", by=None, at=casework.MONDAY)

    def state() -> object:
        now = File.objects.get(pk=file.pk)
        data = keeping.content(now).data if now.status == Status.CLEAN else b""
        return now.status, data, Piece.objects.filter(file=now).count()

    return Tried(
        lambda: examine_again.defer(timestamp=0),
        f"SELECT FROM files_file WHERE id = '{file.pk}' FOR UPDATE",
        state,
        (Status.CLEAN, b"Hej", 1),
    )


def stalled_job() -> Tried:
    """A job of a worker that died long ago, for the task that looks for such."""
    job = council_tasks.read_incoming.defer(delivery_id=str(uuid4()))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [job])
    return Tried(
        lambda: site_tasks.retry_stalled.defer(timestamp=0),
        f"SELECT FROM procrastinate_jobs WHERE id = {job} FOR UPDATE",
        lambda: ProcrastinateJob.objects.get(pk=job).status,
        "succeeded",
    )


def week_to_review() -> Tried:
    return Tried(
        lambda: draw_last_week.defer(timestamp=0),
        "LOCK oversight_review IN SHARE MODE",
        lambda: (Review.objects.count(), Entry.objects.filter(verb="oversight.review.drawn").count()),
        (1, 1),
    )


def matters_to_judge() -> Tried:
    return Tried(
        lambda: retention_tasks.assess.defer(timestamp=0),
        "LOCK retention_matter IN EXCLUSIVE MODE",
        lambda: Entry.objects.filter(verb="retention.matters.assessed").count(),
        1,
    )


def cases_to_move(status: str) -> Tried:
    """A case to be moved to a version that differs in a time limit."""
    leader, owner = casework.leader(), accounts.user(Role.PROCESS_OWNER)
    opened = casework.case(by=leader)
    move = Move.objects.create(
        key="vinr_adult",
        old=processes.NUMBER,
        new=_another_version(owner, leader),
        only=opened.number,
        status=status,
        ordered_by=owner,
        ordered_at=casework.MONDAY,
    )
    tasks = {"checking": casework_tasks.check_move, "moving": casework_tasks.carry_out_move}

    def state() -> object:
        now = Move.objects.get(pk=move.pk)
        return now.status, now.fits, now.moved, ProcessEvent.objects.filter(case=opened, what="moved").count()

    # Both look at the versions first: there they meet the lock.
    return Tried(
        lambda: tasks[status].defer(move_id=str(move.pk)),
        "LOCK casework_move IN EXCLUSIVE MODE",
        state,
        ("checked", 1, 0, 0) if status == "checking" else ("done", 0, 1, 1),
    )


def _another_version(owner, leader) -> int:
    version = Version.objects.filter(key="vinr_adult").first()
    if version is None:
        version = Version.objects.create(
            key="vinr_adult", number=processes.NEXT, name="x", status="published", xml=processes.changed().decode(), note="x",
            uploaded_by=owner, uploaded_at=casework.MONDAY, tried_at=casework.MONDAY, proposed_by=owner,
            proposed_at=casework.MONDAY, published_by=leader, published_at=casework.MONDAY, valid_from=date(2099, 1, 1),
        )  # fmt: skip
    return version.number


def extract_to_import() -> Tried:
    leader = importing.leader()
    with accounts.at_work(leader):
        made = importing_actions.confirm(importing.uploaded(by=leader), by=leader, at=importing.AT)

    def state() -> object:
        now = Extract.objects.get(pk=made.pk)
        return now.status, now.taken, Origin.objects.filter(extract=made).count()

    return Tried(
        lambda: importing_tasks.carry_out.defer(extract_id=str(made.pk)),
        "LOCK importing_extract IN EXCLUSIVE MODE",
        state,
        ("done", 1, 1),
    )


def extract_to_destroy() -> Tried:
    leader = importing.leader()
    with accounts.at_work(leader):
        made = importing_actions.throw_away(importing.uploaded(by=leader), by=leader, at=importing.AT)
    return Tried(
        lambda: importing_tasks.destroy_old.defer(timestamp=0),
        "LOCK importing_extract IN EXCLUSIVE MODE",
        lambda: Extract.objects.filter(pk=made.pk, content=None).count(),
        1,
    )


def whole_file(*, late: bool = False) -> Tried:
    leader = casework.leader()
    given = {"recipient": "court", "to": "x", "ground": "duty"}
    at = casework.MONDAY.replace(month=1) if late else casework.MONDAY
    case = casework.case(by=leader, at=at)
    read = exports.preview(case, by=leader, at=at, recipient="court").fingerprint
    made = exports.order(case, by=leader, at=at, read=read, **given)
    return Tried(
        lambda: (
            disclosures_tasks.destroy_old.defer(timestamp=0) if late else disclosures_tasks.pack.defer(export_id=str(made.pk))
        ),
        "LOCK disclosures_export IN EXCLUSIVE MODE",
        lambda: (Export.objects.get(pk=made.pk).status, Entry.objects.filter(subject=made.pk).count()),
        ("destroyed" if late else "made", 2),
    )


def contact_of_another_day() -> Tried:
    support.contact(by=accounts.user(Role.RECEPTION), at=support.AT.replace(year=2025))
    return Tried(
        lambda: support_tasks.forget_days.defer(timestamp=0),
        "LOCK support_anonymous_contact IN EXCLUSIVE MODE",
        lambda: list(AnonymousContact.objects.values_list("day", "unit")),
        [(date(2025, 1, 1), None)],
    )


TRIED: dict[str, Callable[[], Tried]] = {
    "fridhem.rooms.casework.tasks.let_time_limits_pass": late_case,
    "casework.check_move": lambda: cases_to_move("checking"),
    "casework.carry_out_move": lambda: cases_to_move("moving"),
    "importing.carry_out": extract_to_import,
    "importing.destroy_old": extract_to_destroy,
    "disclosures.pack": whole_file,
    "disclosures.destroy_old": lambda: whole_file(late=True),
    "council.read_incoming": delivery,
    "statistics.count_and_protect": table,
    "conformance.count": measurement,
    "files.examine_again": unscanned_file,
    "site.retry_stalled": stalled_job,
    "oversight.draw_last_week": week_to_review,
    "retention.assess": matters_to_judge,
    "support.forget_days": contact_of_another_day,
}
# What isn't killed here, and why.
ELSEWHERE = {
    "retention.carry_out": "killed again and again in test_retention_worker.py",
    "site.anchor_the_record": "tells the key service what it knows already, at worst; nothing is stored here",
    "site.verify_the_record": "only reads",
}


@pytest.fixture
def worker(test_house) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts a worker on the test's database, in its own role and with its own secrets."""
    own = json.loads(test_house.face("worker").read_text())
    place = urlsplit(own["database_url"])
    name = connection.settings_dict["NAME"]
    test_house.face("killed").write_text(json.dumps({**own, "database_url": place._replace(path=f"/{name}").geturl()}))
    environment = {**test_house.environment("killed"), "DJANGO_SETTINGS_MODULE": "fridhem.site.settings"}
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "16"]
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        started.append(subprocess.Popen(command, env=environment, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def held(test_house, locks: list[str]) -> Iterator[Callable[[], int]]:
    """Hold the locks until the block ends; gives how many of the worker's connections wait for one."""
    password = json.loads((test_house.data / "secrets.json").read_text())["passwords"]["postgres"]
    url = test_house.server.url(role="postgres", password=password, database=connection.settings_dict["NAME"])
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'fridhem_worker' AND wait_event_type = 'Lock'"
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as looker:
        for lock in locks:
            holder.execute(lock)
        yield lambda: looker.execute(waiting).fetchone()[0]
        holder.rollback()


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.2)
    return holds()


@pytest.mark.safety("C03")
def test_every_task_of_ours_is_tried(proof):
    ours = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}

    told = "; ".join(f"{name}: {why}" for name, why in ELSEWHERE.items())
    proof.measured(f"{len(set(TRIED) & ours)} of {len(ours)} tasks in the registry are killed here ({told})")
    assert ours - set(TRIED) - set(ELSEWHERE) == set(), "add it to TRIED, with the lock that it meets in the middle of its work"


@pytest.mark.safety("C03")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("names", [list(TRIED)[part::3] for part in range(3)], ids=["some", "others", "the rest"])
def test_what_a_killed_worker_had_begun_is_done_exactly_once(test_house, worker, proof, names):
    """In three parts: a worker on two processors has threads for six tasks at once."""
    tried = {name: TRIED[name]() for name in names}

    with held(test_house, [one.lock for one in tried.values()]) as waiting:
        first = worker()
        for one in tried.values():
            one.order()
        assert wait_until(lambda: waiting() >= len(tried), 60), f"{waiting()} of {len(tried)} tasks came to their lock"
        begun = {one.done() != one.expected for one in tried.values()}
        kill(first)

    killed_at = time.monotonic()
    worker()
    open_jobs = ProcrastinateJob.objects.exclude(status__in=("succeeded", "failed", "cancelled", "aborted"))
    settled = wait_until(lambda: not open_jobs.exclude(task_name="site.retry_stalled").exists(), MOST)
    took = time.monotonic() - killed_at

    assert begun == {True}
    assert settled, list(open_jobs.values("task_name", "status", "attempts"))
    assert {name: one.done() for name, one in tried.items()} == {name: one.expected for name, one in tried.items()}
    assert not list(ProcrastinateJob.objects.filter(status="failed").values("task_name", "attempts"))
    proof.measured(f"killed in the middle of {len(tried)} tasks at once: each done exactly once within {took:.0f} s, 0 stuck")


@pytest.mark.safety("C03")
def test_a_task_that_is_done_and_asked_for_again_does_nothing_more(as_face, proof):
    """The worker died after the work and before saying so: the task is taken up again."""
    once = set(TRIED) - {"site.retry_stalled", "retention.assess"}  # these two are to be done each time they are asked for
    tried = {name: TRIED[name]() for name in TRIED if name in once}
    for _ in range(2):
        for one in tried.values():
            one.order()
        for job in list(ProcrastinateJob.objects.filter(status="todo", task_name__in=once)):
            with as_face("worker"):
                app.tasks[job.task_name].func(**job.args)
            job_id = job.pk
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job_id])

    assert {name: one.done() for name, one in tried.items()} == {name: one.expected for name, one in tried.items()}
    proof.measured(f"{len(tried)} tasks done twice: nothing happens the second time")
