"""Who may: those who work with the case, and those whose role reads the unit's. Everyone else doesn't know of it.

A conflict of interest shuts a case to a colleague whatever else opens it.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from rules import predicate

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.foundation.files.enums import Status
from fridhem.pure.decisions.order import Item
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework.enums import Place, Sees
from fridhem.rooms.casework.models import Assignment, BreakGlass, Case, CaseDocument, NeedToKnow, Note, Step

# Who opens cases; who may work with a case that someone else has opened; who leads a unit that has cases.
opens_cases = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
works_with_cases = opens_cases | in_zone(Zone.CASE) & has_role(Role.PERSONAL_CONTACT)
leads_cases = in_zone(Zone.CASE) & has_role(Role.TEAM_LEADER)
moves_cases = has_role(Role.PROCESS_OWNER)  # from one version of their process to another; reads none of them


@predicate
def of_the_unit(user: User, case: Case) -> bool:
    """Whether the user's unit has the case."""
    return user.unit_id == case.unit_id


@predicate
def in_the_team(user: User, case: Case) -> bool:
    """Whether the user works with the case."""
    return Assignment.objects.filter(case=case, user=user).exists()


@predicate
def in_the_role(user: User, step: Step) -> bool:
    """Whether the step is done by the user's role."""
    return user.has_role(step.role)


@predicate
def reads_the_unit(user: User) -> bool:
    """Whether the user's role reads the cases of its unit without working with them."""
    return needs(user.role, Place.UNIT) == Sees.READS


@predicate
def in_an_emergency(user: User, case: Case) -> bool:
    """Whether the user has opened the case in an emergency that isn't over."""
    return BreakGlass.objects.filter(case=case, user=user, until__gt=Now()).exists()


@predicate
def shut_to(user: User, case: Case) -> bool:
    """Whether a conflict of interest shuts the case to the user, whoever asks: whom it's about is known to the database only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_is_shut(%s, %s)", [case.pk, user.pk])
        return bool(cursor.fetchone()[0])


leads = leads_cases & of_the_unit & ~shut_to
may_see = in_zone(Zone.CASE) & (reads_the_unit & of_the_unit | in_the_team | in_an_emergency) & ~shut_to


@predicate
def may_do(user: User, step: Step) -> bool:
    """Whether the step is the user's to do: its role on the case; a leader may do any step of the unit's cases."""
    return leads(user, step.case) or (in_the_role(user, step) and may_see(user, step.case))


@predicate
def wrote(user: User, note: Note) -> bool:
    """Whether the note is the user's."""
    return note.author_id == user.pk


@predicate
def added_by_another(user: User, document: CaseDocument) -> bool:
    """Whether someone else added the document: what is held apart is seen by four eyes."""
    return document.file.added_by_id != user.pk


@predicate
def may_review(user: User, document: CaseDocument) -> bool:
    """Whether the user may decide on a document that is held apart."""
    return may_see(user, document.case) and added_by_another(user, document) and document.file.status == Status.HELD


@predicate
def asked(user: User, glass: BreakGlass) -> bool:
    """Whether the user asked for the emergency opening."""
    return glass.user_id == user.pk


@predicate
def approved(user: User, glass: BreakGlass) -> bool:
    """Whether the user approved it."""
    return glass.approved_by_id == user.pk


@predicate
def shut_behind(user: User, glass: BreakGlass) -> bool:
    """Whether its case is shut to the user."""
    return shut_to(user, Case(pk=glass.case_id))


may_approve = opens_cases & ~asked & ~shut_behind
may_review_emergency = leads_cases & ~asked & ~approved & ~shut_behind


def needs(role: str, place: str) -> str:
    """What a role sees today of the cases of a place (one of `Sees`); nothing when no rule says so."""
    today = timezone.localdate()
    said = NeedToKnow.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), role=role, place=place, valid_from__lte=today)
    return said.order_by("-valid_from").values_list("sees", flat=True).first() or ""


def check_may_open(user: User) -> None:
    """Raises `Denied`."""
    if not opens_cases(user):
        raise Denied(_("Cases are opened by the reception unit, caseworkers and team leaders."))


def check_may_move(user: User) -> None:
    """Raises `Denied`."""
    if not moves_cases(user):
        raise Denied(_("Cases are moved to another version of their process by the process owner."))


def check_may_work(user: User, case: Case | None = None) -> None:
    """Raises `Denied`: for the one who would be put on a case, not for the one who puts them there."""
    if not works_with_cases(user) or (case is not None and shut_to(user, case)):
        raise Denied(_("%(name)s can't be put on a case: choose someone who works with cases.") % {"name": user.name})


def check_may_read(case: Case, user: User) -> None:
    """Raises `Denied`."""
    if not may_see(user, case):
        raise Denied(_("You don't work with this case. Ask the team leader to be assigned to it."))


def check_may_write(case: Case, user: User) -> None:
    """Whoever may read a case may write in its journal. Raises `Denied`."""
    check_may_read(case, user)


def check_is_the_writer(note: Note, user: User) -> None:
    """A note is changed and signed by the one who wrote it. Raises `Denied`."""
    check_may_read(note.case, user)
    if not wrote(user, note):
        raise Denied(_("Only the one who wrote the note may change or sign it. You can write one of your own."))


def check_may_do(step: Step, user: User) -> None:
    """Raises `Denied`."""
    if not may_do(user, step):
        raise Denied(
            _("This step is done by: %(role)s. Ask someone with that role in the case.") % {"role": step.get_role_display()}
        )


def check_may_lead(case: Case, user: User) -> None:
    """Decide on interventions, put together the team, close before the process ends. Raises `Denied`."""
    if not leads(user, case):
        raise Denied(_("This is decided by the team leader of the unit that has the case."))


def check_may_decide(case: Case, user: User, *, item: Item | None, preparers: Collection[UUID]) -> None:
    """By an item of the delegation order, and not on what one has prepared oneself. Raises `Denied`."""
    check_may_read(case, user)
    if item is None:
        raise Denied(_("The delegation order doesn't let your role make that decision."))
    if user.pk in preparers:
        raise Denied(_("You have investigated the case yourself: someone else decides."))


def check_may_review(document: CaseDocument, user: User) -> None:
    """Raises `Denied`."""
    check_may_read(document.case, user)
    if not added_by_another(user, document):
        raise Denied(_("You added the file yourself: ask a colleague in the case to review it."))


def check_may_break_glass(user: User) -> None:
    """Raises `Denied`."""
    if not opens_cases(user):
        raise Denied(_("A case is opened in an emergency by the reception unit, caseworkers and team leaders."))


def check_is_the_one(glass: BreakGlass, user: User) -> None:
    """Raises `Denied`."""
    if not asked(user, glass) or shut_behind(user, glass):
        raise Denied(_("Only the one who asked for it may do this."))


def check_may_approve(glass: BreakGlass, user: User) -> None:
    """A second person, who has no conflict of interest. Raises `Denied`."""
    if not may_approve(user, glass):
        raise Denied(_("Someone else approves it: a colleague who works with cases."))


def check_may_review_emergency(glass: BreakGlass, user: User) -> None:
    """A leader who had no part in it. Raises `Denied`."""
    if not may_review_emergency(user, glass):
        raise Denied(_("An emergency opening is reviewed by a team leader who had no part in it."))


def check_may_wall(case: Case, who: User, by: User) -> None:
    """The unit's leader, or one of the team, shuts a case to a colleague; nobody to themselves. Raises `Denied`."""
    check_may_read(case, by)
    if who.pk == by.pk:
        raise Denied(_("You can't shut the case to yourself: say on your account whom you must not handle, or ask a colleague."))
