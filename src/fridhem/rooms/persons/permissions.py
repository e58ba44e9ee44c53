from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied

CASEWORKERS = (Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)


def may_handle_persons(user: User) -> bool:
    """Whether the user's work is with cases, and so with the persons in them."""
    return Zone.CASE in user.zones and user.has_role(*CASEWORKERS)


def check_may_handle_persons(user: User) -> None:
    """Who registers, searches for and reads persons: those who work with cases. Raises `Denied`."""
    if not may_handle_persons(user):
        raise Denied(_("Persons are handled by those who work with cases. Ask the reception unit for help."))


def check_may_reveal_address(user: User) -> None:
    """A protected address is behind a wall of its own. Raises `Denied`."""
    if Zone.PROTECTED not in user.zones:
        raise Denied(_("The address is protected and isn't shown to your role."))
