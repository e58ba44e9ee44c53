"""Who may read and assess concerns."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied

ASSESSORS = (Role.RECEPTION, Role.TEAM_LEADER)


def may_assess(user: User) -> bool:
    """Whether the person may read, answer and assess concerns."""
    return user.has_role(*ASSESSORS) and Zone.INTAKE in user.zones


def check_may_assess(user: User) -> None:
    """Raise `Denied` unless the person may read, answer and assess concerns."""
    if not may_assess(user):
        raise Denied(_("Concerns are read by the reception unit and its team leader."))


def check_may_publish(user: User) -> None:
    """Raise `Denied` unless the person answers for what the public pages say."""
    if not user.has_role(Role.TEAM_LEADER, Role.STRATEGIST):
        raise Denied(_("The public texts are decided by the team leader and the strategist."))
