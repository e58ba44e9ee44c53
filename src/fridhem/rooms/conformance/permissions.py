"""Who may: those who answer for the processes, for the figures, and for how a unit works."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role
from fridhem.pure.refusals import Denied

measures = has_role(Role.PROCESS_OWNER, Role.STRATEGIST, Role.TEAM_LEADER)


def check_measures(user: User) -> None:
    """Raises `Denied`."""
    if not measures(user):
        raise Denied(_("How processes are followed is measured by process owners, strategists and team leaders."))
