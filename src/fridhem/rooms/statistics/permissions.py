"""Who may: the strategist orders and releases, everyone on the staff reads what is released."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied


def may_release(user: User) -> bool:
    """Whether the user orders tables, reads them through and releases them."""
    return user.has_role(Role.STRATEGIST) and Zone.STATISTICS in user.zones


def check_may_release(user: User) -> None:
    """Raises `Denied`."""
    if not may_release(user):
        raise Denied(_("Tables are ordered and released by the strategist."))
