"""Who may: all who work here read; those who meet people count; the process owner and team leaders answer for the texts."""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, signed_in
from fridhem.pure.refusals import Denied
from fridhem.rooms.support.models import AnonymousContact

reads = signed_in
edits = has_role(Role.PROCESS_OWNER, Role.TEAM_LEADER)
counts = has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER, Role.PERSONAL_CONTACT)


def check_may_edit(user: User) -> None:
    """Raises `Denied`."""
    if not edits(user):
        raise Denied(_("What is offered, and whom to call, is changed by the process owner or a team leader."))


def check_may_count(user: User) -> None:
    """Raises `Denied`."""
    if not counts(user):
        raise Denied(_("Anonymous contacts are counted by those who meet people."))


def check_may_undo(contact: AnonymousContact, user: User) -> None:
    """Anyone at the unit: nobody knows who wrote it. Raises `Denied`."""
    check_may_count(user)
    if contact.unit_id != user.unit_id:
        raise Denied(_("The contact was counted by another unit: they take it back."))
