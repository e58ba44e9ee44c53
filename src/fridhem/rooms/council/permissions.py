"""Who may: everyone on the staff reads public documents; board secretaries and strategists take them in."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied

TAKE_IN = (Role.SECRETARY, Role.STRATEGIST)


def may_read(user: User) -> bool:
    """Whether the user reads matters and documents."""
    return user.is_active


def may_take_in(user: User) -> bool:
    """Whether the user adds documents."""
    return user.has_role(*TAKE_IN)


def check_may_take_in(user: User) -> None:
    """Raises `Denied`."""
    if not may_take_in(user):
        raise Denied(_("Documents are taken in by board secretaries and strategists."))
