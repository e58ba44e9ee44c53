"""Who may read and assess concerns."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied

# Who reads, answers and assesses concerns; who answers for what the public pages say.
assesses = has_role(Role.RECEPTION, Role.TEAM_LEADER) & in_zone(Zone.INTAKE)
publishes = has_role(Role.TEAM_LEADER, Role.STRATEGIST)


def check_may_assess(user: User) -> None:
    """Raise `Denied` unless the person may read, answer and assess concerns."""
    if not assesses(user):
        raise Denied(_("Concerns are read by the reception unit and its team leader."))


def check_may_publish(user: User) -> None:
    """Raise `Denied` unless the person answers for what the public pages say."""
    if not publishes(user):
        raise Denied(_("The public texts are decided by the team leader and the strategist."))
