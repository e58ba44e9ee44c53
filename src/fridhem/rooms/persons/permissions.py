from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied

# Those whose work is with cases, and so with the persons in them; those whom an address is not kept from.
may_handle_persons = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
opens_protected = in_zone(Zone.PROTECTED)


def check_may_handle_persons(user: User) -> None:
    """Who registers, searches for and reads persons: those who work with cases. Raises `Denied`."""
    if not may_handle_persons(user):
        raise Denied(_("Persons are handled by those who work with cases. Ask the reception unit for help."))


def check_may_reveal_address(user: User) -> None:
    """A protected address is behind a wall of its own. Raises `Denied`."""
    if not opens_protected(user):
        raise Denied(_("The address is protected and isn't shown to your role."))
