"""Who may: everyone reads how the municipality works; the process owner changes it, and another person agrees."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, signed_in
from fridhem.pure.refusals import Denied
from fridhem.rooms.processes.models import Version

may_read = signed_in
owns = has_role(Role.PROCESS_OWNER)
publishes = has_role(Role.PROCESS_OWNER, Role.TEAM_LEADER)


def may_publish(user: User, version: Version) -> bool:
    """Whether the user may agree to what others have made and proposed."""
    return (
        publishes(user) and version.proposed_by_id is not None and user.pk not in (version.proposed_by_id, version.uploaded_by_id)
    )


def check_owns(user: User) -> None:
    """Raises `Denied`."""
    if not owns(user):
        raise Denied(_("Core processes and decision tables are changed by the process owner."))


def check_may_publish(user: User, version: Version) -> None:
    """Raises `Denied`."""
    if not publishes(user):
        raise Denied(_("A version is published by another process owner or a team leader."))
    if version.proposed_by_id == user.pk:
        raise Denied(_("You proposed the version yourself: ask another process owner or a team leader to publish it."))
    if version.uploaded_by_id == user.pk:
        raise Denied(_("You uploaded the version yourself: ask another process owner or a team leader to publish it."))
