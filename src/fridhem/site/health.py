"""How the house is: what must be true for it to be open, and what someone must mend soon.

Each check is a plain question with a plain answer. Nothing here tells about a person or a case.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fridhem.foundation.audit import chain
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.database import embedded
from fridhem.foundation.keys.client import KeyMissing, KeysAway

GOOD, SOON, BAD = "good", "soon", "bad"
# How long something may be ago, or how much is too little, before it is to be mended soon, and before it is wrong.
WORKER = timedelta(minutes=1), timedelta(minutes=3)
QUEUE = timedelta(minutes=5), timedelta(hours=1)
BACKUP = timedelta(minutes=30), timedelta(hours=26)
DRILL = timedelta(days=8), timedelta(days=35)
DISK = 0.15, 0.05  # free part
ANCHOR = timedelta(minutes=10), timedelta(hours=2)
LINKS = 10_000  # how far back the newest anchor is looked for
CLOCKS = timedelta(seconds=5), timedelta(seconds=60)  # apart


@dataclass(frozen=True)
class Answer:
    """One line of the health page: what was asked, how it is, and what was found."""

    what: str | Promise
    state: str
    found: str

    @property
    def is_open(self) -> bool:
        """Whether the house can be open with this."""
        return self.state != BAD


def is_well(now: datetime) -> bool:
    """Whether this process can do its work: for the machine that watches. Tells nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return shutil.disk_usage(settings.FRIDHEM_DATA).free >= settings.FRIDHEM_SPARE_ROOM


def examine(now: datetime) -> list[Answer]:
    """Every check, in the order of how much depends on it. One that can't be made says so, and is wrong."""
    return [_made(what, check, now) for what, check in CHECKS]


def _made(what: str | Promise, check: Callable[[datetime], tuple[str, str]], now: datetime) -> Answer:
    try:
        state, found = check(now)
    except (Error, OSError, KeysAway, KeyMissing, ValueError, KeyError) as error:
        state, found = BAD, _("It can't be asked (%(kind)s).") % {"kind": type(error).__name__}
    return Answer(what, state, found)


def _database(now: datetime) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('transaction_read_only'), now()")
        size, closed, its_time = cursor.fetchone()
    apart = abs(its_time - now)
    state = BAD if closed == "on" else _by(apart, CLOCKS)
    return state, _("%(size)s. The clocks are %(seconds)s s apart.") % {
        "size": _size(size),
        "seconds": f"{apart.total_seconds():.1f}".replace(".", ","),
    }


def _worker(now: datetime) -> tuple[str, str]:
    (seen,) = _one("SELECT max(last_heartbeat) FROM procrastinate_workers")
    if seen is None:
        return BAD, _("No worker is running: what takes time isn't done.")
    return _by(now - seen, WORKER), _("Last heard of %(ago)s ago.") % {"ago": _ago(now - seen)}


def _queue(now: datetime) -> tuple[str, str]:
    waiting, oldest = _one(
        "SELECT count(*), min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j "
        "LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true "
        "WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"
    )
    (stalled,) = _one(
        "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id "
        "WHERE j.status = 'doing' AND (w.last_heartbeat IS NULL OR w.last_heartbeat < now() - interval '3 minutes')"
    )
    (failed,) = _one(
        "SELECT count(DISTINCT job_id) FROM procrastinate_events WHERE type = 'failed' AND at > now() - interval '1 day'"
    )
    age = now - oldest if oldest else timedelta()
    state = BAD if stalled else max(_by(age, QUEUE), SOON if failed else GOOD, key=(GOOD, SOON, BAD).index)
    return state, _("%(waiting)s waiting, the oldest for %(age)s; %(stalled)s stalled; %(failed)s failed in the last day.") % {
        "waiting": waiting,
        "age": _ago(age),
        "stalled": stalled,
        "failed": failed,
    }


def _keys(now: datetime) -> tuple[str, str]:
    status = key_service().status()
    trouble = status["copy_trouble"] or status["torn"]
    return SOON if trouble else GOOD, _("It answers. %(lines)s lines in its journal, %(forgotten)s names forgotten.") % {
        "lines": status["journal"],
        "forgotten": status["forgotten"],
    }


def _disk(now: datetime) -> tuple[str, str]:
    usage = shutil.disk_usage(settings.FRIDHEM_DATA)
    part = usage.free / usage.total
    closed = usage.free < settings.FRIDHEM_SPARE_ROOM
    state = BAD if closed or part < DISK[1] else SOON if part < DISK[0] else GOOD
    return state, _("%(free)s free of %(total)s.") % {"free": _size(usage.free), "total": _size(usage.total)}


def _backup(now: datetime) -> tuple[str, str]:
    known = _backups()
    if known.get("trouble"):
        return BAD, _("The last try failed (%(kind)s).") % {"kind": known["trouble"]}
    if "made_at" not in known:
        return BAD, _("No backup has been made.")
    ago = now - datetime.fromisoformat(known["made_at"])
    return _by(ago, BACKUP), _("%(ago)s ago, %(size)s.") % {"ago": _ago(ago), "size": _size(known["bytes"])}


def _drill(now: datetime) -> tuple[str, str]:
    known = _backups()
    if "restored_at" not in known:
        return SOON, _("No backup has been restored as a trial. A backup that was never restored is none.")
    ago = now - datetime.fromisoformat(known["restored_at"])
    return _by(ago, DRILL), _("%(ago)s ago; it took %(seconds)s s.") % {"ago": _ago(ago), "seconds": known["restore_seconds"]}


def _recipients(now: datetime) -> tuple[str, str]:
    private = sorted(Path(settings.FRIDHEM_DATA, "recipients").glob("demo-*.key"))
    if private:
        return SOON, _("The private halves that open the backups lie on this machine. That is for demonstrations only.")
    return GOOD, _("The backups are opened by people who aren't on this machine.")


def _record(now: datetime) -> tuple[str, str]:
    number, _digest = chain.tail()
    anchors = key_service().anchors("audit", after=max(0, number - LINKS))
    if not anchors:
        return SOON if number else GOOD, _("%(number)s lines, none of them anchored outside the database yet.") % {
            "number": number
        }
    ago = now - anchors[-1].at
    behind = number - anchors[-1].seq
    return _by(ago if behind else timedelta(), ANCHOR), _(
        "%(number)s lines. Anchored %(ago)s ago, %(behind)s lines since then."
    ) % {
        "number": number,
        "ago": _ago(ago),
        "behind": behind,
    }


def _log_of_the_database(now: datetime) -> tuple[str, str]:
    with connection.cursor() as cursor:
        loud = embedded.noisy(cursor.connection)
    if loud:
        return SOON, _("It may write values into its log: %(settings)s.") % {"settings": ", ".join(sorted(loud))}
    return GOOD, _("It writes nothing of what is stored.")


CHECKS: tuple[tuple[Any, Callable[[datetime], tuple[str, str]]], ...] = (
    (gettext_lazy("The database"), _database),
    (gettext_lazy("The key service"), _keys),
    (gettext_lazy("The worker"), _worker),
    (gettext_lazy("Work that waits"), _queue),
    (gettext_lazy("The disk"), _disk),
    (gettext_lazy("The last backup"), _backup),
    (gettext_lazy("The last restore that was tried"), _drill),
    (gettext_lazy("Who can open the backups"), _recipients),
    (gettext_lazy("The record"), _record),
    (gettext_lazy("The database's log"), _log_of_the_database),
)


# ── how answers are worded ──


def _by(measured: timedelta, limits: tuple[timedelta, timedelta]) -> str:
    soon, bad = limits
    return BAD if measured > bad else SOON if measured > soon else GOOD


def _one(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def _backups() -> dict[str, Any]:
    place = Path(settings.FRIDHEM_DATA) / "backups.json"
    return json.loads(place.read_text()) if place.exists() else {}


def _size(amount: int) -> str:
    gigabytes = amount / 1e9
    return f"{gigabytes:.1f} GB".replace(".", ",") if gigabytes >= 1 else f"{amount / 1e6:.0f} MB"


def _ago(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return _("%(n)s seconds") % {"n": seconds}
    if seconds < 7200:
        return _("%(n)s minutes") % {"n": seconds // 60}
    if seconds < 2 * 86400:
        return _("%(n)s hours") % {"n": seconds // 3600}
    return _("%(n)s days") % {"n": seconds // 86400}
