"""What can be done with a table: order, count and protect, release."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import NotNow
from fridhem.rooms.statistics import permissions, release, rules
from fridhem.rooms.statistics.definitions import DEFINITIONS
from fridhem.rooms.statistics.enums import Stage, Status
from fridhem.rooms.statistics.models import Release


def order(*, key: str, year: int, by: User, at: datetime) -> Release:
    """Ask for a table of a year; the worker counts and protects it.

    Raises `Denied`, KeyError for an unknown table, `NotNow` when the same one is already under way.
    """
    permissions.check_may_release(by)
    try:
        with transaction.atomic():
            ordered = Release.objects.create(key=DEFINITIONS[key].key, year=year, ordered_by=by, ordered_at=at)
            record("statistics.release.ordered", subject=ordered, by=by, at=at, reason=f"{key} {year}")
    except IntegrityError:
        raise NotNow(_("That year is already being counted. It will be ready in a moment.")) from None
    return ordered


def count_and_protect(release_id: UUID, *, at: datetime) -> Release:
    """Do what was ordered. By the worker; harmless to do again after an interruption.

    What stops it is kept as the reason and shown to the one who ordered; nothing of the counts is.
    """
    ordered = _begin(release_id)
    if ordered.status != Status.COUNTING:
        return ordered

    def tell(stage: Stage) -> None:
        Release.objects.filter(pk=ordered.pk).update(stage=stage)

    try:
        made = release.make_safe(ordered.key, ordered.year, tell=tell)
    except ValueError as error:
        return _finish(ordered, Status.FAILED, at=at, failure=str(error)[:300])
    return _finish(
        ordered,
        Status.READY,
        at=at,
        table=made.table.to_json(),
        small_cells=made.small_cells,
        further_cells=made.further_cells,
        extracted_at=at,
    )


@transaction.atomic
def sign(ready: Release, *, by: User, at: datetime) -> Release:
    """Release a table that was read through; it takes the place of the year's earlier one. Raises `Denied`, `NotNow`."""
    permissions.check_may_release(by)
    ready = Release.objects.select_for_update().get(pk=ready.pk)
    rules.check_step(ready.status, Status.RELEASED)
    for earlier in Release.objects.select_for_update().filter(key=ready.key, year=ready.year, status=Status.RELEASED):
        earlier.status = Status.REPLACED
        earlier.save(update_fields=["status"])
    ready.status, ready.released_by, ready.released_at = Status.RELEASED, by, at
    ready.save(update_fields=["status", "released_by", "released_at"])
    record("statistics.release.released", subject=ready, by=by, at=at, reason=f"{ready.key} {ready.year}")
    return ready


@transaction.atomic
def _begin(release_id: UUID) -> Release:
    ordered = Release.objects.select_for_update().get(pk=release_id)
    if rules.may_step(ordered.status, Status.COUNTING):
        ordered.status = Status.COUNTING
        ordered.save(update_fields=["status"])
    return ordered


@transaction.atomic
def _finish(ordered: Release, status: Status, *, at: datetime, **values: object) -> Release:
    ordered = Release.objects.select_for_update().get(pk=ordered.pk)
    rules.check_step(ordered.status, status)
    for name, value in {"status": status, "stage": "", **values}.items():
        setattr(ordered, name, value)
    ordered.save()
    record(f"statistics.release.{status}", subject=ordered, by=None, at=at)
    return ordered
