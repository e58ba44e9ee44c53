"""Who does the work: steps that are given, who stands in, what is delegated, cases that change hands. Everything is recorded."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.rooms.casework import permissions, rules
from fridhem.rooms.casework.enums import StepStatus
from fridhem.rooms.casework.models import Absence, Assignment, Case, Delegation, Step
from fridhem.rooms.casework.queries import work


@transaction.atomic
def give(step: Step, *, by: User, at: datetime, to: User | None) -> Step:
    """Say who does a step: `by` takes it, a colleague in the case gets it, or, without anyone, it's handed back.

    It opens the case to nobody, and hinders nobody else who may do the step. Raises `Denied`, `NotNow`.
    """
    case = Case.objects.select_for_update().get(pk=step.case_id)
    step = Step.objects.select_related("assigned_to").get(pk=step.pk)
    step.case = case
    permissions.check_may_give(step, by)
    rules.check_open(case.status)
    rules.check_to_do(step.status)
    if to and to.pk != by.pk:
        permissions.check_may_get(step, to)
    elif to:
        permissions.check_may_do(step, by)
    step.assigned_to = to
    step.save(update_fields=["assigned_to"])
    verb = "casework.step.given" if to else "casework.step.handed_back"
    record(verb, subject=step, by=by, at=at, reason=str(to.pk) if to else "")
    return step


@transaction.atomic
def say_absent(*, user: User, stand_in: User, first_day: date, last_day: date, by: User, at: datetime) -> Absence:
    """Say that `user` is away, and who stands in. Both days are included. Raises `Denied`, `NotNow`."""
    permissions.check_may_say_absent(user, by)
    permissions.check_may_stand_in(stand_in, user, by)
    rules.check_period(first_day, last_day, today=timezone.localdate(at))
    days = {"first_day": first_day, "last_day": last_day}
    absence = Absence.objects.create(user=user, stand_in=stand_in, said_by=by, said_at=at, **days)
    record("casework.absence.said", subject=absence, by=by, at=at, reason=f"{stand_in.pk} {first_day} {last_day}")
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User, at: datetime) -> Absence:
    """Back before the last day: nobody stands in from now on. Harmless when it has ended. Raises `Denied`."""
    absence = Absence.objects.select_related("user").get(pk=absence.pk)
    permissions.check_may_say_absent(absence.user, by)
    if _ended(absence, at=at):
        record("casework.absence.ended", subject=absence, by=by, at=at)
    return absence


@transaction.atomic
def delegate(
    *, to: User, steps: Collection[tuple[str, str]], first_day: date, last_day: date, by: User, at: datetime
) -> list[Delegation]:
    """Let someone at the unit decide, those days, the leader's `steps`: each a process and a form. Raises `Denied`, `NotNow`."""
    permissions.check_may_delegate(to, by)
    rules.check_period(first_day, last_day, today=timezone.localdate(at))
    given = {"user": to, "first_day": first_day, "last_day": last_day, "said_by": by, "said_at": at}
    made = [Delegation.objects.create(process=process, form=form, **given) for process, form in steps]
    for one in made:
        record("casework.delegation.given", subject=one, by=by, at=at, reason=f"{one.process}/{one.form}")
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User, at: datetime) -> Delegation:
    """Take a delegation back. Harmless when it has ended. Raises `Denied`."""
    delegation = Delegation.objects.select_related("user").get(pk=delegation.pk)
    permissions.check_may_end(delegation, by)
    if _ended(delegation, at=at):
        record("casework.delegation.ended", subject=delegation, by=by, at=at)
    return delegation


@transaction.atomic
def hand_over(user: User, *, to: User, by: User, at: datetime) -> list[Case]:
    """Let `to` work with all open cases at the unit that `user` works with, and no longer `user`; those that changed hands.

    A case that is shut to `to` stays. Raises `Denied`.
    """
    permissions.check_may_hand_over(user, to, by)
    wanted = list(work.changing_hands(user, to=to, by=by).values_list("pk", flat=True))
    cases = list(Case.objects.select_for_update().filter(pk__in=wanted).order_by("number"))
    there = set(Assignment.objects.filter(case__in=cases, user=to).values_list("case", flat=True))
    today = timezone.localdate(at)
    Assignment.objects.bulk_create(Assignment(case=case, user=to, assigned_on=today) for case in cases if case.pk not in there)
    Assignment.objects.filter(case__in=cases, user=user).delete()
    Step.objects.filter(case__in=cases, status=StepStatus.OPEN, assigned_to=user).update(assigned_to=to)
    for case in cases:
        record("casework.case.changed_hands", subject=case, by=by, at=at, reason=f"{user.pk} {to.pk}")
    return cases


def _ended(period: Absence | Delegation, *, at: datetime) -> bool:
    """End it now; whether it hadn't ended before."""
    if period.ended_at:
        return False
    period.ended_at = at
    period.save(update_fields=["ended_at"])
    return True
