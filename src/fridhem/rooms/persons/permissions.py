from django.utils.translation import gettext as _
from rules import predicate

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Conflict, Denied
from fridhem.rooms.persons.models import Recusal

# Those whose work is with cases, and so with the persons in them; those of them whom a protected detail can be opened for.
may_handle_persons = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
may_reveal_details = in_zone(Zone.PROTECTED) & may_handle_persons
leads_people = may_handle_persons & has_role(Role.TEAM_LEADER)


def check_may_handle_persons(user: User) -> None:
    """Who registers, searches for and reads persons: those who work with cases. Raises `Denied`."""
    if not may_handle_persons(user):
        raise Denied(_("Persons are handled by those who work with cases. Ask the reception unit for help."))


def check_may_reveal_details(user: User) -> None:
    """A protected detail is behind a wall of its own. Raises `Denied`."""
    if not may_reveal_details(user):
        raise Denied(_("The detail is protected and isn't shown to your role."))


@predicate
def is_recused(user: User, index: bytes) -> bool:
    """Whether the user must not handle the person with this blind index."""
    return Recusal.objects.filter(user=user, identity_index=index, lifted_at=None).exists()


def check_may_handle(user: User, index: bytes) -> None:
    """Nobody handles their own matters, or those of someone close. Raises `Denied`, and `Conflict`
    whether or not we know the person.
    """
    check_may_handle_persons(user)
    if is_recused(user, index):
        mine = Recusal.objects.get(user=user, identity_index=index, lifted_at=None)
        raise Conflict(_("You don't handle this person: you have a conflict of interest. Ask your manager."), subject=mine)


def check_may_lift(recusal: Recusal, user: User) -> None:
    """A leader of the unit lifts it, never the one who is recused. Raises `Denied`."""
    check_may_recuse(recusal.user, user)
    if recusal.user_id == user.pk:
        raise Denied(_("Someone else must lift what keeps you from a case: ask a team leader."))


def check_may_recuse(who: User, by: User) -> None:
    """Everyone who handles persons says it of themselves; a leader says it of those at the unit. Raises `Denied`."""
    check_may_handle_persons(by)
    if who.pk != by.pk and not (leads_people(by) and who.unit_id == by.unit_id):
        raise Denied(_("You can say it of yourself. Of others, their team leader says it."))
