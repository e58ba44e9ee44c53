"""Old cases whose time is over, one of them on hold, and a list of the others that waits for a second person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.models import Unit, User
from fridhem.pure.deadlines.span import Span
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework.actions import FormerCase
from fridhem.rooms.casework.enums import AgeGroup, ClosingReason
from fridhem.rooms.retention import actions, queries
from fridhem.rooms.retention.enums import HoldGround
from fridhem.site.demonstration.staff import ADULTS

OLD_CASES = 18


def propose(people: Mapping[str, User], *, now: datetime) -> int:
    """Take over old cases, judge everything, put a hold and propose a list; how many cases are old."""
    today = timezone.localdate(now)
    casework.take_over([_old_case(place, today) for place in range(OLD_CASES)], by=people["kerstin"], at=now)
    actions.assess(at=now)
    needed = queries.due(people["kerstin"], today=today).order_by("number").first()
    if needed is not None:
        actions.hold(needed, by=people["kerstin"], at=now, ground=HoldGround.COURT, review_on=Span(months=6).after(today))
        actions.propose(by=people["arvid"], at=now)
    return OLD_CASES


def _old_case(place: int, today: date) -> FormerCase:
    """A case that ended without an investigation more than five years ago, about someone whom the former system didn't name."""
    closed = date(today.year - 5, 1, 1) - timedelta(days=1 + 23 * place)
    return FormerCase(
        number=f"F-GAMM{place:02}",
        unit=Unit.objects.get(name=ADULTS),
        district="centrum",
        age_group=AgeGroup.ADULT,
        opened_on=closed - timedelta(days=12),
        closed_on=closed,
        closing_reason=ClosingReason.NO_INVESTIGATION,
        interventions=(),
    )
