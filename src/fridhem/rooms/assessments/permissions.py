"""Who may: whoever works with a case assesses in it; the process owner brings instruments, and another person agrees."""

from typing import Any

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone, signed_in
from fridhem.pure.refusals import Denied
from fridhem.rooms.assessments.models import Version
from fridhem.rooms.casework import queries as casework

may_read = signed_in
owns = has_role(Role.PROCESS_OWNER)
publishes = has_role(Role.PROCESS_OWNER, Role.TEAM_LEADER)
assesses = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)


def may_publish(user: User, version: Version) -> bool:
    """Whether the user may agree to what someone else has proposed."""
    return publishes(user) and version.proposed_by_id not in (None, user.pk)


def check_owns(user: User) -> None:
    """Raises `Denied`."""
    if not owns(user):
        raise Denied(_("Instruments are brought in by the process owner."))


def check_may_publish(user: User, version: Version) -> None:
    """Raises `Denied`."""
    if not publishes(user):
        raise Denied(_("An instrument is published by another process owner or a team leader."))
    if version.proposed_by_id == user.pk:
        raise Denied(_("You proposed the version yourself: ask another process owner or a team leader to publish it."))


def check_may_assess(case: Any, user: User) -> None:
    """Raises `Denied`."""
    if not assesses(user) or not casework.visible_to(user).filter(pk=case.pk).exists():
        raise Denied(_("Assessments are made and read by those who work with the case."))
