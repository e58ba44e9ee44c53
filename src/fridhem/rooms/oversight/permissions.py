"""Who may: the data protection officer reviews everyone, a team leader those of the unit; nobody their own lines."""

from django.utils.translation import gettext as _
from rules import predicate

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone, signed_in
from fridhem.pure.refusals import Denied
from fridhem.rooms.oversight.models import Question

guards_the_record = in_zone(Zone.AUDIT) & has_role(Role.PRIVACY_OFFICER)
reviews = guards_the_record | has_role(Role.TEAM_LEADER)
hears_alerts = has_role(Role.PRIVACY_OFFICER, Role.TEAM_LEADER, Role.ADMINISTRATOR)
answers = signed_in


@predicate
def of_the_unit(user: User, question: Question) -> bool:
    """Whether the question is to a colleague of the user's unit."""
    return question.colleague.unit_id == user.unit_id


@predicate
def to_oneself(user: User, question: Question) -> bool:
    """Whether the user is the one who was asked."""
    return question.colleague_id == user.pk


may_decide = ~to_oneself & (guards_the_record | has_role(Role.TEAM_LEADER) & of_the_unit)


def check_may_decide(question: Question, user: User) -> None:
    """Raises `Denied`."""
    if not may_decide(user, question):
        raise Denied(_("Nobody reviews their own lines, and a team leader only those of the unit."))


def check_may_answer(question: Question, user: User) -> None:
    """Raises `Denied`."""
    if not to_oneself(user, question):
        raise Denied(_("This question was put to someone else."))


def check_reviews(user: User) -> None:
    """Raises `Denied`."""
    if not reviews(user):
        raise Denied(_("Reviews are made by the data protection officer and team leaders."))


def check_guards_the_record(user: User) -> None:
    """Raises `Denied`."""
    if not guards_the_record(user):
        raise Denied(_("The record is read by the data protection officer."))
