"""What can be done: order a measurement, and, by the worker, count and protect it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.destroying import forget
from fridhem.foundation.processes.logs import LoggedCase
from fridhem.pure.disclosure.certificate import NotSafe
from fridhem.pure.refusals import NotNow
from fridhem.rooms.conformance import counting, logs, permissions, rules
from fridhem.rooms.conformance.counting import Counted
from fridhem.rooms.conformance.enums import Source, Status
from fridhem.rooms.conformance.models import Measurement
from fridhem.rooms.conformance.sources import NothingToCount
from fridhem.rooms.processes import queries as processes


def order(*, key: str, year: int, by: User, at: datetime) -> Measurement:
    """Ask how a process was followed in a year's own cases. Raises `Denied`, `NotNow` when that is being counted already."""
    permissions.check_measures(by)
    try:
        with transaction.atomic():
            ordered = Measurement.objects.create(source=Source.CASES, key=key, year=year, ordered_by=by, ordered_at=at)
            record("conformance.measurement.ordered", subject=ordered, by=by, at=at, reason=f"{key} {year}")
    except IntegrityError:
        raise NotNow(_("That year is already being counted. It will be ready in a moment.")) from None
    return ordered


@transaction.atomic
def hand_in(cases: Sequence[LoggedCase], *, key: str, version: int, by: User, at: datetime) -> Measurement:
    """Have cases that were run elsewhere held against a version of a process. Raises `Denied`, KeyError for an unknown version.

    What is needed of them lies sealed until it has been counted.
    """
    permissions.check_measures(by)
    log = logs.reduced(cases, processes.definition(key, version))
    handed = Measurement.objects.create(
        source=Source.LOG, key=key, version=version, total=len(cases), log=log, ordered_by=by, ordered_at=at
    )
    record("conformance.measurement.ordered", subject=handed, by=by, at=at, reason=f"{key} {version}")
    return handed


# ── By the worker ─────────────────────────────────────────────────────────


def count(measurement_id: UUID, *, at: datetime) -> Measurement:
    """Do what was ordered. Harmless to do again after an interruption."""
    ordered = _begin(measurement_id)
    if ordered.status != Status.COUNTING:
        return ordered
    try:
        counted = _counted(ordered)
    except NotSafe:
        return _stop(ordered, _("No table was found that betrays nobody: there are too few cases."), at=at)
    except Unopenable:
        return _stop(ordered, _("The log can no longer be read: hand it in again."), at=at)
    except NothingToCount:
        return _stop(ordered, _("There is nothing to count: no step of the process was begun then."), at=at)
    return _keep(ordered, counted, at=at)


def _counted(ordered: Measurement) -> Counted:
    def told(seen: int) -> None:
        Measurement.objects.filter(pk=ordered.pk).update(seen=seen)

    if ordered.version:
        definition = processes.definition(ordered.key, ordered.version)
        return counting.count_log(definition, logs.restored(ordered.log or []), told=told)
    assert ordered.year is not None, "a constraint says so of our own cases"
    return counting.count_year(ordered.key, ordered.year)


@transaction.atomic
def _begin(measurement_id: UUID) -> Measurement:
    ordered = Measurement.objects.select_for_update().get(pk=measurement_id)
    if rules.may_step(ordered.status, Status.COUNTING):
        ordered.status = Status.COUNTING
        ordered.save(update_fields=["status"])
    return ordered


@transaction.atomic
def _keep(ordered: Measurement, counted: Counted, *, at: datetime) -> Measurement:
    """Keep the figures in the place of the year's earlier ones: two counts of one year, beside each other, would tell more."""
    ordered = Measurement.objects.select_for_update().get(pk=ordered.pk)
    if not rules.may_step(ordered.status, Status.READY):
        return ordered
    if ordered.year:
        same = Measurement.objects.filter(key=ordered.key, year=ordered.year, status=Status.READY)
        same.update(status=Status.REPLACED, table="", medians={})
    ordered.table, ordered.medians, ordered.unknown = counted.table.to_json(), counted.medians, counted.unknown
    ordered.cases = counted.cases.to_json() if counted.cases else ""
    return _end(ordered, Status.READY, at=at)


@transaction.atomic
def _stop(ordered: Measurement, why: str, *, at: datetime) -> Measurement:
    ordered = Measurement.objects.select_for_update().get(pk=ordered.pk)
    if not rules.may_step(ordered.status, Status.FAILED):
        return ordered
    ordered.failure = why
    return _end(ordered, Status.FAILED, at=at)


def _end(ordered: Measurement, status: Status, *, at: datetime) -> Measurement:
    """Say how it ended. Of a log nothing is left, not in a backup either: its key is destroyed last of all."""
    ordered.status, ordered.counted_at, ordered.log = status, at, None
    ordered.save()
    record(f"conformance.measurement.{status}", subject=ordered, by=None, at=at)
    if ordered.version:
        forget({("case", ordered.pk)})
    return ordered
