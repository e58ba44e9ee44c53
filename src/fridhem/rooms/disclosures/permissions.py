"""Who may: those who work with the case. The ledger, without what was in it, is the data protection officer's too."""

from typing import Any

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import queries as casework

discloses = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
reads_ledger = in_zone(Zone.AUDIT) & has_role(Role.PRIVACY_OFFICER)
allows_second = in_zone(Zone.PROTECTED) & discloses


def check_may_disclose(case: Any, user: User) -> None:
    """Raises `Denied`."""
    if not discloses(user) or not casework.visible_to(user).filter(pk=case.pk).exists():
        raise Denied(_("What leaves a case is decided by those who work with it."))


def takes_out(case: Any, user: User) -> bool:
    """Whether the user works with the case, and doesn't only see it by an emergency opening."""
    return discloses(user) and casework.worked_with(user).filter(pk=case.pk).exists()


def check_may_take_out(case: Any, user: User) -> None:
    """The whole file is made by one who works with the case. Raises `Denied`."""
    if not takes_out(case, user):
        raise Denied(_("The whole file of a case is taken out by one who works with it. An emergency opening isn't enough."))


def check_may_allow(case: Any, user: User, *, place: int) -> None:
    """The second of the two may open what is protected, and so knows what is let out. Raises `Denied`."""
    check_may_disclose(case, user)
    if place == 2 and not allows_second(user):
        raise Denied(_("The second of the two must be someone who may see protected details."))


def check_may_read_ledger(user: User) -> None:
    """Raises `Denied`."""
    if not reads_ledger(user):
        raise Denied(_("The list of everything that has left is for the data protection officer."))
