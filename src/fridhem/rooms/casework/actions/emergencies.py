"""What can be done in an emergency (nödöppning): ask, approve, open without anyone, close, review.

Every opening has a reason, an end, and a review by a leader who had no part in it. A conflict of interest isn't opened by it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.pure.deadlines import openings
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import permissions, queries, rules
from fridhem.rooms.casework.enums import Emergency, ReviewOutcome
from fridhem.rooms.casework.models import BreakGlass


@transaction.atomic
def ask(number: str, *, by: User, at: datetime, reason: str, words: str) -> BreakGlass:
    """Ask to read a case that `by` knows of but doesn't work with. Opens nothing yet.

    `words`: why, in the asker's own words, sealed. Raises `Denied` when `by` knows of no such case, ValueError without a reason.
    """
    permissions.check_may_break_glass(by)
    found = next((known for known in queries.known_to_be(number=number) if known.number == number), None)
    if found is None:
        raise Denied(_("There is no such case that you may open in an emergency."))
    if not words.strip():
        raise ValueError("An emergency has words.")
    glass = BreakGlass.objects.create(
        case_id=found.id, number=number, user=by, reason=Emergency(reason).value, words=words, asked_at=at
    )
    record("casework.emergency.asked", subject=glass, by=by, at=at, reason=glass.reason)
    return glass


@transaction.atomic
def approve(glass: BreakGlass, *, by: User, at: datetime) -> BreakGlass:
    """A second person says yes: the case opens now, and the leader of its unit hears of it. Raises `Denied`, `NotNow`."""
    glass = _locked(glass)
    permissions.check_may_approve(glass, by)
    glass.approved_by = by
    _open(glass, at=at)
    record("casework.emergency.approved", subject=glass, by=by, at=at, reason=glass.reason)
    return glass


@transaction.atomic
def open_alone(glass: BreakGlass, *, by: User, at: datetime) -> BreakGlass:
    """Nobody is there to approve: the case opens all the same, and every team leader hears of it. Raises `Denied`, `NotNow`."""
    glass = _locked(glass)
    permissions.check_is_the_one(glass, by)
    _open(glass, at=at)
    record("casework.emergency.opened_alone", subject=glass, by=by, at=at, reason=glass.reason)
    return glass


@transaction.atomic
def close(glass: BreakGlass, *, by: User, at: datetime) -> BreakGlass:
    """End it before its time. Harmless when it has ended. Raises `Denied` for anyone but the one who opened it."""
    glass = _locked(glass)
    permissions.check_is_the_one(glass, by)
    if glass.until and glass.until > at:
        glass.until = at
        glass.save(update_fields=["until"])
        record("casework.emergency.closed", subject=glass, by=by, at=at)
    return glass


@transaction.atomic
def review(glass: BreakGlass, *, by: User, at: datetime, outcome: str, words: str) -> BreakGlass:
    """Say whether the opening was right. An opening that is still going on ends with it.

    Raises `Denied` for the one who opened it and the one who approved, `NotNow`, ValueError for an unknown outcome.
    """
    glass = _locked(glass)
    permissions.check_may_review_emergency(glass, by)
    rules.check_waits_for_review(glass.opened_at, glass.reviewed_at)
    glass.reviewed_by, glass.reviewed_at = by, at
    glass.outcome, glass.review = ReviewOutcome(outcome).value, words
    assert glass.until is not None, "what was opened has an end"
    glass.until = max(glass.opened_at, min(glass.until, at))  # type: ignore[type-var]
    glass.save(update_fields=["reviewed_by", "reviewed_at", "outcome", "review", "until"])
    record("casework.emergency.reviewed", subject=glass, by=by, at=at, reason=glass.outcome)
    return glass


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(glass: BreakGlass) -> BreakGlass:
    return BreakGlass.objects.select_for_update().get(pk=glass.pk)


def _open(glass: BreakGlass, *, at: datetime) -> None:
    """From now until its time is over. Approved: the unit's leaders hear of it; alone: those of every unit."""
    lasts = openings.lasts("break_glass", on=timezone.localdate(at))
    rules.check_waits_for_opening(glass.opened_at, asked_at=glass.asked_at, at=at, lasts=lasts)
    glass.opened_at, glass.until = at, at + lasts
    glass.save(update_fields=["opened_at", "until", "approved_by"])
    unit = queries.unit_of(glass.number) if glass.approved_by else None
    alert(AlertKind.BREAK_GLASS, subject=glass, about_user=glass.user, at=at, roles=[Role.TEAM_LEADER], unit=unit)
