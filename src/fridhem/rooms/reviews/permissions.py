"""Who may: the team leader reviews the unit's own cases; those who answer for processes and figures read what is signed off."""

from django.utils.translation import gettext as _
from rules import predicate

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied
from fridhem.rooms.reviews.models import Review

reviews_cases = in_zone(Zone.CASE) & has_role(Role.TEAM_LEADER)
reads_reports = reviews_cases | has_role(Role.PROCESS_OWNER, Role.STRATEGIST)


@predicate
def of_the_unit(user: User, review: Review) -> bool:
    """Whether the review is the user's unit's."""
    return user.unit_id == review.unit_id


may_review = reviews_cases & of_the_unit
may_read_report = may_review | has_role(Role.PROCESS_OWNER, Role.STRATEGIST)


def check_may_draw(user: User) -> None:
    """Raises `Denied`."""
    if not reviews_cases(user):
        raise Denied(_("Cases are reviewed by team leaders, who may read them."))


def check_may_review(review: Review, user: User) -> None:
    """Raises `Denied`."""
    if not may_review(user, review):
        raise Denied(_("The review is made by the team leaders of the unit that drew it."))


def check_may_read_report(review: Review, user: User) -> None:
    """Raises `Denied`."""
    if not may_read_report(user, review):
        raise Denied(_("The report is read at the unit, and by process owners and strategists."))
