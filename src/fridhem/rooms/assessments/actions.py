"""What can be done with instruments (upload, try, propose, publish) and with them in a case (assess, or say why not)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.pure.instruments.filling import Filled, fill
from fridhem.pure.instruments.reading import read_instrument
from fridhem.pure.instruments.workbook import read_workbook
from fridhem.pure.refusals import NotNow
from fridhem.rooms.assessments import permissions, queries, rules
from fridhem.rooms.assessments.enums import Outcome, Status
from fridhem.rooms.assessments.models import Assessment, Version
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases

Case = Any  # casework's own model, which other rooms name by its door
DANGER = "danger"  # the event of the processes' list that a dangerous result is
UPLOADING = 0x696E7374  # the lock under which versions get their numbers


# ── From file to published ────────────────────────────────────────────────


@transaction.atomic
def upload(data: bytes, *, by: User, at: datetime, note: str) -> Version:
    """A draft of an instrument from an XLSForm, numbered after the newest there is. `note`: what is new in it.

    Raises `BadInstrument` with every fault, `Denied`, `NotNow` when there's a version with exactly that file.
    """
    permissions.check_owns(by)
    read = read_instrument(read_workbook(data))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UPLOADING])
    same = queries.same_as(read.key, data)
    if same:
        raise NotNow(_("That is exactly version %(number)s, which is here already.") % {"number": same})
    version = Version.objects.create(
        key=read.key,
        number=queries.highest(read.key) + 1,
        name=read.name.in_("sv")[:200],
        file=data,
        note=note,
        uploaded_by=by,
        uploaded_at=at,
    )
    record("assessments.version.uploaded", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    return version


@transaction.atomic
def discard(version: Version, *, by: User, at: datetime) -> None:
    """Throw a draft away. Raises `Denied`, `NotNow`."""
    permissions.check_owns(by)
    version = _locked(version)
    rules.check_is_draft(version.status)
    record("assessments.version.discarded", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    version.delete()


@transaction.atomic
def note_tried(version: Version, filled: Filled, *, by: User, at: datetime) -> Version:
    """Say that a draft was filled in to a result, by its owner. What was answered is kept nowhere. Raises `Denied`, `NotNow`."""
    permissions.check_owns(by)
    rules.check_whole(filled)
    version = _locked(version)
    rules.check_is_draft(version.status)
    version.tried_at = at
    version.save(update_fields=["tried_at"])
    return version


@transaction.atomic
def propose(version: Version, *, by: User, at: datetime, valid_from: date) -> Version:
    """Ask another person to publish a version that has been tried, from a day. Raises `Denied`, `NotNow`."""
    permissions.check_owns(by)
    version = _locked(version)
    rules.check_may_be_proposed(version.status, tried_at=version.tried_at, valid_from=valid_from, today=timezone.localdate(at))
    version.status, version.proposed_by, version.proposed_at, version.valid_from = Status.PROPOSED, by, at, valid_from
    version.save(update_fields=["status", "proposed_by", "proposed_at", "valid_from"])
    record("assessments.version.proposed", subject=version, by=by, at=at, reason=valid_from.isoformat())
    return version


@transaction.atomic
def send_back(version: Version, *, by: User, at: datetime) -> Version:
    """Make a proposal a draft again: by the one who would publish it, or by its owner. Raises `Denied`, `NotNow`."""
    if not permissions.owns(by):
        permissions.check_may_publish(by, version)
    version = _locked(version)
    rules.check_is_proposed(version.status)
    version.status, version.proposed_by, version.proposed_at, version.valid_from = Status.DRAFT, None, None, None
    version.save(update_fields=["status", "proposed_by", "proposed_at", "valid_from"])
    record("assessments.version.sent_back", subject=version, by=by, at=at)
    return version


@transaction.atomic
def publish(version: Version, *, by: User, at: datetime, seen: str) -> Version:
    """Let a proposed version be used from its day, or from today when that has passed.

    `seen`: the `Version.proposal` that was read. Raises `Denied`, `NotNow`, also when it has been proposed anew since.
    """
    version = _locked(version)
    permissions.check_may_publish(by, version)
    rules.check_is_proposed(version.status)
    rules.check_was_read(version.proposal, seen)
    assert version.valid_from is not None
    version.status, version.published_by, version.published_at = Status.PUBLISHED, by, at
    version.valid_from = max(version.valid_from, timezone.localdate(at))
    version.save(update_fields=["status", "published_by", "published_at", "valid_from"])
    record("assessments.version.published", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    return version


def _locked(version: Version) -> Version:
    return Version.objects.select_for_update().get(pk=version.pk)


# ── In a case ─────────────────────────────────────────────────────────────


@transaction.atomic
def assess(
    case: Case,
    used: queries.Instrument,
    *,
    by: User,
    at: datetime,
    given: Mapping[str, str],
    person: UUID | None = None,
    happened_on: date | None = None,
) -> Assessment:
    """Keep what was answered and what it came to. A danger is told to the unit's leaders at once, stands on the case, and
    begins what the case's process says of danger.

    `given`: the answers by question. `person`: who in the case it's about, the one that the case is about without.
    Raises `Denied`, `NotNow`, `CaseClosed`.
    """
    day = happened_on or timezone.localdate(at)
    filled = fill(used.definition, given, today=day)
    rules.check_whole(filled)
    level = filled.level
    review_on = level.review.after(day) if level and level.review else None
    told = _told(used.name, level.words.in_("sv") if level else "", review_on)
    row = _begun(case, used, by=by, at=at, day=day, person=person, told=told)
    row.outcome, row.answers, row.score = (
        Outcome.DONE,
        dict(filled.answers),
        str(filled.score) if filled.score is not None else None,
    )
    if level:
        row.level, row.is_dangerous, row.review_on = level.code, level.is_dangerous, review_on
    row.save(force_insert=True)
    record("assessments.assessment.made", subject=row, by=by, at=at, reason=f"{row.instrument} {row.version}")
    if row.is_dangerous:
        record("assessments.assessment.dangerous", subject=row, by=by, at=at)
        alert(AlertKind.DANGER, subject=case, about_user=None, at=at, roles=[Role.TEAM_LEADER], unit=case.unit_id)
        casework.raise_event(case, DANGER, by=by, at=at)
    return row


@transaction.atomic
def not_assessed(
    case: Case,
    used: queries.Instrument,
    *,
    by: User,
    at: datetime,
    outcome: str,
    words: str,
    person: UUID | None = None,
    review_on: date | None = None,
) -> Assessment:
    """Say why an instrument wasn't used, and when to ask again. Raises `Denied`, `NotNow`, `CaseClosed`, ValueError."""
    why = Outcome(outcome)
    if why == Outcome.DONE:
        raise ValueError("What was made has answers.")
    told = _told(used.name, str(why.label), review_on)
    row = _begun(case, used, by=by, at=at, day=timezone.localdate(at), person=person, told=told)
    row.outcome, row.words, row.review_on = why, words, review_on
    row.save(force_insert=True)
    record("assessments.assessment.not_made", subject=row, by=by, at=at, reason=why.value)
    return row


@transaction.atomic
def read(assessment: Assessment, *, by: User, at: datetime) -> Assessment:
    """Say in the record that the answers of an assessment were read. Raises `Denied`."""
    permissions.check_may_assess(assessment.case, by)
    record("assessments.assessment.read", subject=assessment, by=by, at=at)
    return assessment


def _begun(
    case: Case, used: queries.Instrument, *, by: User, at: datetime, day: date, person: UUID | None, told: str
) -> Assessment:
    """An assessment that isn't saved yet, with its line in the journal. The journal keeps the case open and locked."""
    permissions.check_may_assess(case, by)
    rules.check_day(day, today=timezone.localdate(at))
    about = person or case.person_id
    rules.check_of_the_case(about, {one.pk for one in cases.people(case)})
    casework.write_note(case, by=by, at=at, text=told, kind="assessment", happened_on=day)
    return Assessment(
        case=case, person_id=about, instrument=used.definition.key, version=used.number, made_by=by, made_at=at, happened_on=day
    )


def _told(name: str, result: str, review_on: date | None) -> str:
    """What the journal says of it: that it was made and what it came to, never an answer."""
    line = f"{name}: {result}." if result else f"{name}."
    again = _("To be assessed again by %(day)s.") % {"day": date_format(review_on, "j F Y")} if review_on else ""
    return f"{line} {again}".strip()
