"""Who may: the strategist orders and releases, everyone on the staff reads what is released."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone, signed_in
from fridhem.pure.refusals import Denied

# Who reads what is released; who orders tables, reads them through and releases them.
may_read = signed_in
may_release = has_role(Role.STRATEGIST) & in_zone(Zone.STATISTICS)


def check_may_release(user: User) -> None:
    """Raises `Denied`."""
    if not may_release(user):
        raise Denied(_("Tables are ordered and released by the strategist."))
