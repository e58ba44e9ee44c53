"""Who may read and assess concerns."""

from collections.abc import Collection
from uuid import UUID

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


def check_may_wall(who: User, by: User) -> None:
    """Whoever assesses concerns shuts one to a colleague; nobody to themselves. Raises `Denied`."""
    check_may_assess(by)
    if who.pk == by.pk:
        raise Denied(_("You can't shut a concern to yourself: ask a colleague to do it."))


def check_is_open_to(team: Collection[User], walled: Collection[UUID]) -> None:
    """Nobody works with a case that begins with what is shut to them. Raises `Denied`."""
    for user in team:
        if user.pk in walled:
            raise Denied(_("%(name)s can't be put on the case: the concern is shut to them.") % {"name": user.name})


def check_may_publish(user: User) -> None:
    """Raise `Denied` unless the person answers for what the public pages say."""
    if not publishes(user):
        raise Denied(_("The public texts are decided by the team leader and the strategist."))
