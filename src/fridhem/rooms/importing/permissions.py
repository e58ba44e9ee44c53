"""Who may: a team leader, to the own unit. What is seen on the way is personal data, which the process owner doesn't read."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied
from fridhem.rooms.importing.models import Extract

imports = in_zone(Zone.CASE) & has_role(Role.TEAM_LEADER)


def check_may_import(user: User) -> None:
    """Raises `Denied`."""
    if not imports(user):
        raise Denied(_("Cases of another system are imported by a team leader, to the own unit."))


def check_is_the_one(extract: Extract, user: User) -> None:
    """An extract is read by the one who uploaded it. Raises `Denied`."""
    check_may_import(user)
    if extract.uploaded_by_id != user.pk:
        raise Denied(_("The extract was uploaded by someone else: upload your own."))
