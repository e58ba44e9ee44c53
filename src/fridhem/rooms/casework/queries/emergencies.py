"""What can be known of emergency openings (nödöppningar): by those who ask, approve and review. Never of what is shut to them."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.pure.deadlines import openings
from fridhem.rooms.casework import permissions
from fridhem.rooms.casework.models import BreakGlass, Case, Wall
from fridhem.rooms.persons import queries as persons


def visible_to(user: User) -> QuerySet[BreakGlass]:
    """One's own, those that wait for someone to approve, and all for those who lead."""
    if not permissions.opens_cases(user):
        return BreakGlass.objects.none()
    known = Q(user=user) | Q(approved_by=user) | Q(opened_at=None)
    found = BreakGlass.objects.all() if permissions.leads_cases(user) else BreakGlass.objects.filter(known)
    walled = Wall.objects.filter(user=user).values("case")
    theirs = Case.objects.filter(person__in=persons.shut_to(user)).values("pk")
    return found.exclude(case__in=walled).exclude(case__in=theirs).select_related("user__unit", "approved_by", "reviewed_by")


def asked_for(user: User, *, at: datetime) -> QuerySet[BreakGlass]:
    """What a colleague has asked for and nobody has answered yet, that the user may approve."""
    since = at - openings.lasts("break_glass", on=timezone.localdate(at))
    return visible_to(user).filter(opened_at=None, asked_at__gt=since).exclude(user=user)


def to_review(user: User) -> QuerySet[BreakGlass]:
    """Every opening that nobody has reviewed, and that the user may review; the oldest first."""
    if not permissions.leads_cases(user):
        return BreakGlass.objects.none()
    waiting = visible_to(user).filter(opened_at__isnull=False, reviewed_at=None).exclude(user=user)
    return waiting.filter(Q(approved_by=None) | ~Q(approved_by=user)).order_by("opened_at")


def reviewed(user: User) -> QuerySet[BreakGlass]:
    """Those that have been reviewed, latest first: for those who lead, and one's own."""
    return visible_to(user).filter(reviewed_at__isnull=False).order_by("-reviewed_at")


def own(user: User) -> QuerySet[BreakGlass]:
    """Those that the user asked for and that haven't been reviewed yet."""
    return visible_to(user).filter(user=user, reviewed_at=None)


def open_now(case: Case, user: User, *, at: datetime) -> BreakGlass | None:
    """The opening by which the user reads the case right now; None for those who work with it."""
    return BreakGlass.objects.filter(case=case, user=user, until__gt=at).order_by(F("until").desc()).first()
