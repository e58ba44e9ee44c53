"""What is to be done, for whom and by when: the page My work. And who may be chosen to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.paginator import Page
from django.db import connection
from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import permissions, queries
from fridhem.rooms.casework.enums import CaseStatus, StepStatus, When
from fridhem.rooms.casework.models import Absence, Assignment, Case, Delegation, Step
from fridhem.rooms.casework.queries import paging
from fridhem.rooms.processes import queries as processes

SOON = timedelta(days=7)
UNIT = "unit"  # whose work: the unit's that one leads; else a role, or one's own


def whose(user: User, chosen: str) -> QuerySet[Step]:
    """The steps of the unit for its leader, of a role in the user's cases, or else the user's own."""
    if chosen == UNIT and permissions.leads_cases(user):
        return queries.open_steps(user).filter(case__unit=user.unit_id)
    if chosen in processes.roles():
        return queries.open_steps(user).filter(role=chosen)
    return queries.my_work(user)


def within(when: str, *, today: date) -> Q:
    """The steps whose time limit is then, one of `When`; all of them when it's none of these."""
    return {
        When.LATE: Q(due_date__lt=today),
        When.TODAY: Q(due_date=today),
        When.SOON: Q(due_date__gt=today, due_date__lte=today + SOON),
        When.LATER: Q(due_date__gt=today + SOON),
        When.NONE: Q(due_date=None),
    }.get(When(when) if when in When.values else None, Q())  # type: ignore[arg-type]


def when_of(step: Step, *, today: date) -> When:
    """The same of one step."""
    if step.due_date is None:
        return When.NONE
    days = (step.due_date - today).days
    return When.LATE if days < 0 else When.TODAY if not days else When.SOON if days <= SOON.days else When.LATER


def counted(found: QuerySet[Step], *, today: date) -> dict[str, int]:
    """How many steps each of `When` has; all of them under the empty word."""
    each = {when.value: Count("pk", filter=within(when, today=today)) for when in When}
    counts = found.order_by().aggregate(every=Count("pk"), **each)
    return {"": counts.pop("every"), **counts}


@dataclass(frozen=True)
class Row:
    """A step in the list, and in whose place it is done; empty when it's one's own."""

    step: Step
    when: When
    stands_in_for: str


def page_of(found: QuerySet[Step], user: User, number: str | None, *, today: date, size: int) -> Page:
    """One page of steps, with their people ready to be shown. As many questions for many as for few."""
    page = paging.page_of(found, number, size=size)
    names = _names_of_absent(user, [step.pk for step in page.object_list if not getattr(step, "is_own", True)])
    page.object_list = [Row(step, when_of(step, today=today), names.get(step.pk, "")) for step in page.object_list]
    return page


def _names_of_absent(user: User, steps: Sequence[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT step_id, user_id FROM casework_steps_for(%s) WHERE step_id = ANY(%s)", [user.pk, list(steps)])
        found = dict(cursor.fetchall())
    names = dict(User.objects.filter(pk__in=found.values()).values_list("pk", "name"))
    return {step: names[absent] for step, absent in found.items()}


# ── Who can do a step ─────────────────────────────────────────────────────


def able(step: Step) -> QuerySet[User]:
    """Who can be given a step: those of the case's team in its role, and the unit's leaders. Never one it's shut to."""
    team = Assignment.objects.filter(case=step.case_id, user=OuterRef("pk"))
    leads = Q(role=Role.TEAM_LEADER, unit=step.case.unit_id)
    shut = RawSQL("casework_is_shut(%s, accounts_user.id)", [step.case_id], BooleanField())
    found = User.objects.filter(Exists(team) & Q(role=step.role) | leads, is_active=True).annotate(shut=shut)
    return found.filter(shut=False).order_by("name")


# ── Standing in and deciding in another's place ───────────────────────────


def absences(user: User, *, today: date) -> QuerySet[Absence]:
    """Going on or to come: one's own, those one stands in for, and the unit's for its leader."""
    known = Q(user=user) | Q(stand_in=user)
    if permissions.leads_cases(user):
        known |= Q(user__unit=user.unit_id)
    return Absence.objects.filter(known, ended_at=None, last_day__gte=today).select_related("user", "stand_in", "said_by")


def standing_in(user: User, *, today: date) -> QuerySet[Absence]:
    """For whom the user stands in today."""
    return absences(user, today=today).filter(stand_in=user, first_day__lte=today)


def delegations(user: User, *, today: date) -> QuerySet[Delegation]:
    """Going on or to come: what is delegated to the user, and at the unit for its leader."""
    known = Q(user=user) | Q(user__unit=user.unit_id) if permissions.leads_cases(user) else Q(user=user)
    return Delegation.objects.filter(known, ended_at=None, last_day__gte=today).select_related("user", "said_by")


def delegated_steps(user: User, case: Case) -> set[UUID]:
    """The open steps of a case that are the user's by delegation today."""
    ids = RawSQL("SELECT step_id FROM casework_delegated(%s)", [user.pk])
    return set(case.steps.filter(pk__in=ids, status=StepStatus.OPEN).values_list("pk", flat=True))


def delegated(step: Step, user: User) -> Delegation | None:
    """The delegation by which the user does a step today."""
    ids = RawSQL("SELECT delegation_id FROM casework_delegated(%s) WHERE step_id = %s", [user.pk, step.pk])
    return Delegation.objects.filter(pk__in=ids).first()


def colleagues(user: User) -> QuerySet[User]:
    """Those at the user's unit who work with cases, the user too."""
    working = {*processes.roles(), Role.PERSONAL_CONTACT}
    return User.objects.filter(unit=user.unit_id, role__in=working, is_active=True).order_by("name")


def deciding(*, on: date, language: str = "sv") -> list[tuple[str, str]]:
    """What a leader can delegate, as (process/form, name): the leader's steps in the processes in force."""
    found: dict[str, str] = {}
    for definition in processes.in_force(on=on):
        for node in definition.nodes.values():
            if node.is_human and node.role == Role.TEAM_LEADER and node.form:
                sheet = processes.sheet(node.form)
                name = sheet.name.in_(language) if sheet else node.form
                found[f"{definition.key}/{node.form}"] = f"{definition.name}: {name}"
    return list(found.items())


def to_hand_over(user: User, *, to: User, by: User) -> QuerySet[Case]:
    """The open cases at the leader's unit that someone works with; `stays` when a case is shut to who would take over."""
    return _worked_with(user, by=by).annotate(stays=_is_shut_to(to)).order_by("opened_on", "number")


def changing_hands(user: User, *, to: User, by: User) -> QuerySet[Case]:
    """Those of them that aren't shut to who would take over."""
    return _worked_with(user, by=by).alias(stays=_is_shut_to(to)).filter(stays=False)


def _worked_with(user: User, *, by: User) -> QuerySet[Case]:
    theirs = Exists(Assignment.objects.filter(case=OuterRef("pk"), user=user))
    return queries.listed(by, status=CaseStatus.OPEN).filter(theirs, unit=by.unit_id)


def _is_shut_to(user: User) -> RawSQL:
    return RawSQL("casework_is_shut(casework_case.id, %s)", [user.pk], BooleanField())
