"""Who may: those who work with the case, and the team leader of the unit that has it. Everyone else doesn't know of it."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework.models import Assignment, Case, Step

CASEWORKERS = (Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
TEAM = (*CASEWORKERS, Role.PERSONAL_CONTACT)  # who may work with a case that someone else has opened


def may_open(user: User) -> bool:
    """Whether the user may open cases at all."""
    return Zone.CASE in user.zones and user.has_role(*CASEWORKERS)


def may_work(user: User) -> bool:
    """Whether the user may be put on the team of a case."""
    return Zone.CASE in user.zones and user.has_role(*TEAM)


def is_leader(case: Case, user: User) -> bool:
    """Whether the user leads the unit that has the case."""
    return Zone.CASE in user.zones and user.has_role(Role.TEAM_LEADER) and user.unit_id == case.unit_id


def may_see(case: Case, user: User) -> bool:
    """Whether the user needs to know of the case."""
    if Zone.CASE not in user.zones:
        return False
    return is_leader(case, user) or Assignment.objects.filter(case=case, user=user).exists()


def may_do(step: Step, user: User) -> bool:
    """Whether the step is the user's to do: its role on the case; a leader may do any step of the unit's cases."""
    return is_leader(step.case, user) or (user.has_role(step.role) and may_see(step.case, user))


def check_may_open(user: User) -> None:
    """Raises `Denied`."""
    if not may_open(user):
        raise Denied(_("Cases are opened by the reception unit, caseworkers and team leaders."))


def check_may_work(user: User) -> None:
    """Raises `Denied`: for the one who would be put on a case, not for the one who puts them there."""
    if not may_work(user):
        raise Denied(_("%(name)s can't be put on a case: choose someone who works with cases.") % {"name": user.name})


def check_may_read(case: Case, user: User) -> None:
    """Raises `Denied`."""
    if not may_see(case, user):
        raise Denied(_("You don't work with this case. Ask the team leader to be assigned to it."))


def check_may_write(case: Case, user: User) -> None:
    """Whoever may read a case may write in its journal. Raises `Denied`."""
    check_may_read(case, user)


def check_may_do(step: Step, user: User) -> None:
    """Raises `Denied`."""
    if not may_do(step, user):
        raise Denied(
            _("This step is done by: %(role)s. Ask someone with that role in the case.") % {"role": step.get_role_display()}
        )


def check_may_lead(case: Case, user: User) -> None:
    """Decide on interventions, put together the team, close before the process ends. Raises `Denied`."""
    if not is_leader(case, user):
        raise Denied(_("This is decided by the team leader of the unit that has the case."))
