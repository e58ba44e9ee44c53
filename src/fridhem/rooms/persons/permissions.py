from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied

# Those whose work is with cases, and so with the persons in them; those of them whom a protected detail can be opened for.
may_handle_persons = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
may_reveal_details = in_zone(Zone.PROTECTED) & may_handle_persons


def check_may_handle_persons(user: User) -> None:
    """Who registers, searches for and reads persons: those who work with cases. Raises `Denied`."""
    if not may_handle_persons(user):
        raise Denied(_("Persons are handled by those who work with cases. Ask the reception unit for help."))


def check_may_reveal_details(user: User) -> None:
    """A protected detail is behind a wall of its own. Raises `Denied`."""
    if not may_reveal_details(user):
        raise Denied(_("The detail is protected and isn't shown to your role."))
