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
from fridhem.pure.delegation.order import Item
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework.enums import Place, Sees, StepStatus
from fridhem.rooms.casework.models import (
    Assignment,
    BreakGlass,
    Case,
    CaseDocument,
    Delegation,
    Extension,
    NeedToKnow,
    Note,
    Step,
)

# Who opens cases; who may work with a case that someone else has opened; who leads a unit that has cases.
opens_cases = in_zone(Zone.CASE) & has_role(Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER)
works_with_cases = opens_cases | in_zone(Zone.CASE) & has_role(Role.PERSONAL_CONTACT)
leads_cases = in_zone(Zone.CASE) & has_role(Role.TEAM_LEADER)
investigates = in_zone(Zone.CASE) & has_role(Role.CASEWORKER, Role.TEAM_LEADER)
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


@predicate
def in_anothers_place(user: User, case: Case) -> bool:
    """Whether the user stands in for someone who reaches the case, or decides in it by delegation, today."""
    ways = "SELECT case_id FROM casework_stood_in(%s) UNION SELECT case_id FROM casework_delegated(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s IN ({ways})", [case.pk, user.pk, user.pk])
        return bool(cursor.fetchone()[0])


@predicate
def delegated_to(user: User, step: Step) -> bool:
    """Whether a leader has delegated the step to the user, who hasn't prepared the decision (four eyes)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT step_id FROM casework_delegated(%s))", [step.pk, user.pk])
        return bool(cursor.fetchone()[0])


leads = leads_cases & of_the_unit & ~shut_to
may_see = in_zone(Zone.CASE) & (reads_the_unit & of_the_unit | in_the_team | in_an_emergency | in_anothers_place) & ~shut_to


@predicate
def may_do(user: User, step: Step) -> bool:
    """Whether the step is the user's to do: by its role or by delegation; a leader may do any step of the unit's cases."""
    return leads(user, step.case) or ((in_the_role | delegated_to)(user, step) and may_see(user, step.case))


@predicate
def decides(user: User, case: Case) -> bool:
    """Whether the user decides in the case: leads it, or has an open step in it by delegation."""
    return leads(user, case) or any(may_do(user, one) for one in case.steps.filter(status=StepStatus.OPEN, role=Role.TEAM_LEADER))


@predicate
def holds(user: User, step: Step) -> bool:
    """Whether the user has taken the step, or got it, or stands in for the one who has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT step_id FROM casework_steps_for(%s))", [step.pk, user.pk])
        return step.assigned_to_id == user.pk or bool(cursor.fetchone()[0])


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


def check_may_investigate(case: Case, user: User) -> None:
    """Write and sign sections of the investigation. Raises `Denied`."""
    check_may_read(case, user)
    if not investigates(user):
        raise Denied(_("The investigation is written and signed by caseworkers and team leaders."))


def check_may_link(one: Case, other: Case, user: User) -> None:
    """Whoever opens cases and sees both. Raises `Denied`."""
    check_may_open(user)
    check_may_read(one, user)
    check_may_read(other, user)


def check_may_do(step: Step, user: User) -> None:
    """Raises `Denied`."""
    if not may_do(user, step):
        raise Denied(
            _("This step is done by: %(role)s. Ask someone with that role in the case.") % {"role": step.get_role_display()}
        )


def check_may_give(step: Step, user: User) -> None:
    """Say who does a step: whoever has it, anyone who may do it while nobody has it, and the leader. Raises `Denied`."""
    taken = step.assigned_to and step.assigned_to.is_active
    if not leads(user, step.case) and not (holds(user, step) or (may_do(user, step) and not taken)):
        raise Denied(_("Someone else has the step: ask them, or the team leader, to hand it over."))


def check_may_get(step: Step, user: User) -> None:
    """Raises `Denied`: for the one who would get a step, not for the one who gives it."""
    if not may_do(user, step):
        raise Denied(_("%(name)s can't do this step: choose someone in the case whose role does it.") % {"name": user.name})


def check_may_say_absent(user: User, by: User) -> None:
    """Oneself, or a colleague at the unit that one leads. Raises `Denied`."""
    if not works_with_cases(by) or (user.pk != by.pk and not (leads_cases(by) and user.unit_id == by.unit_id)):
        raise Denied(_("You say of yourself that you are away; your team leader can say it too."))


def check_may_stand_in(user: User, away: User, by: User) -> None:
    """At the same unit and in the same role, or for a leader; never by one's own word. Raises `Denied`."""
    fits = user.unit_id == away.unit_id and (user.role == away.role or away.has_role(Role.TEAM_LEADER))
    if user.pk in {away.pk, by.pk} or not works_with_cases(user) or not fits:
        raise Denied(
            _("%(name)s can't stand in: choose someone else at the unit with the same role, and not yourself.")
            % {"name": user.name}
        )


def check_may_delegate(to: User, by: User) -> None:
    """A leader, to someone else at the unit who works with cases. Raises `Denied`."""
    if not leads_cases(by) or not works_with_cases(to) or to.unit_id != by.unit_id or to.pk == by.pk:
        raise Denied(_("A team leader delegates to someone else at the unit who works with cases."))


def check_may_end(delegation: Delegation, by: User) -> None:
    """A leader of the unit of the one who has it. Raises `Denied`."""
    if not leads_cases(by) or delegation.user.unit_id != by.unit_id:
        raise Denied(_("A delegation is taken back by a team leader of the unit."))


def check_may_hand_over(user: User, to: User, by: User) -> None:
    """A leader, from one at the unit to another in the same role. Raises `Denied`."""
    fits = user.unit_id == to.unit_id == by.unit_id and user.role == to.role and user.pk != to.pk
    if not leads_cases(by) or not works_with_cases(to) or not fits:
        raise Denied(_("A team leader hands cases over between two people at the unit with the same role."))


def check_may_grant(case: Case, user: User) -> None:
    """Decide on interventions. Raises `Denied`."""
    if not decides(user, case):
        raise Denied(_("This is decided by the team leader of the unit that has the case."))


def check_may_lead(case: Case, user: User) -> None:
    """Put together the team, close before the process ends. Raises `Denied`."""
    if not leads(user, case):
        raise Denied(_("This is decided by the team leader of the unit that has the case."))


def check_may_answer(extension: Extension, user: User) -> None:
    """The team leader; another than the one who asked where the law or the routine wants two. Raises `Denied`."""
    check_may_lead(extension.case, user)
    if extension.four_eyes and extension.asked_by_id == user.pk:
        raise Denied(_("You asked for the extension yourself: another team leader decides."))


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
