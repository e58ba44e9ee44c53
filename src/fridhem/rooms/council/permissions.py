"""Who may: everyone on the staff reads public documents; board secretaries and strategists take them in."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, signed_in
from fridhem.pure.refusals import Denied

# Who reads matters and documents; who adds documents.
may_read = signed_in
may_take_in = has_role(Role.SECRETARY, Role.STRATEGIST)


def check_may_take_in(user: User) -> None:
    """Raises `Denied`."""
    if not may_take_in(user):
        raise Denied(_("Documents are taken in by board secretaries and strategists."))
