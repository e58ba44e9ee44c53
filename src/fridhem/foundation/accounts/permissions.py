from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role
from fridhem.pure.refusals import Denied

keeps_staff = has_role(Role.ADMINISTRATOR)  # whose work it is to keep the list of who works here


def check_may_keep_staff(user: User) -> None:
    """Who adds and closes accounts: the administrator. Raises `Denied`."""
    if not keeps_staff(user):
        raise Denied(_("Accounts are kept by the administrator. Ask there."))


def check_is_another(user: User, other: User) -> None:
    """Nobody widens or closes their own account. Raises `Denied`."""
    if user.pk == other.pk:
        raise Denied(_("You can't do this with your own account. Ask another administrator."))
