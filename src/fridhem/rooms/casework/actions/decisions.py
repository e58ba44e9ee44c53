"""What can be done with decisions: decide by delegation, say when the person was told, follow up what was granted."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.rooms.casework import catalogue, permissions, queries, rules
from fridhem.rooms.casework.actions import journal
from fridhem.rooms.casework.enums import NoteKind
from fridhem.rooms.casework.models import Case, Decision, Intervention, RefusalReason


@transaction.atomic
def decide(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    outcome: str,
    motivation: str,
    refused: str = "",
    reasons: Collection[str] = (),
    prepared_by: User | None = None,
) -> Decision:
    """Decide in the board's name, by the item of the delegation order that gives the kind to `by`'s role today.

    `refused` is an intervention and `reasons` why it's refused, for what goes against the person. `prepared_by` is whoever did
    the steps that prepare it, when it isn't said. Raises `Denied`, also for the one who prepared it; `NotNow`; `UnknownDecision`
    and `UnknownCode` for codes that aren't valid today.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    day = timezone.localdate(at)
    what = catalogue.order().kind(kind, on=day)
    known = queries.preparers(case, what.prepared_in)
    prepared_by = prepared_by or next(iter(known), None)
    item = catalogue.order().item_for(kind, role=by.role, on=day)
    preparers = {one.pk for one in [*known, prepared_by] if one} if what.prepared_in else set()
    permissions.check_may_decide(case, by, item=item, preparers=preparers)
    assert item is not None, "the permission has looked"
    rules.check_open(case.status)
    rules.check_outcome(what, outcome, refused=refused, reasons=reasons)
    rules.check_prepared(what, prepared_by is not None)
    decision = Decision.objects.create(
        case=case,
        kind=what.code,
        outcome=catalogue.codes("outcomes").find(outcome, on=day).code,
        ground=what.ground,
        item=item.code,
        prepared_by=prepared_by if what.prepared_in else None,
        decided_by=by,
        decided_on=day,
        refused=catalogue.codes("interventions").find(refused, on=day).code if refused else "",
        motivation=motivation,
        appeal=what.appeal if outcome in what.against else "",
    )
    found = [catalogue.codes("refusal_reasons").find(reason, on=day) for reason in dict.fromkeys(reasons)]
    RefusalReason.objects.bulk_create(RefusalReason(decision=decision, code=code.code) for code in found)
    record("casework.decision.made", subject=decision, by=by, at=at, reason=f"{kind} {outcome}")
    return decision


@transaction.atomic
def tell(decision: Decision, *, by: User, at: datetime, told_on: date) -> Decision:
    """Say on which day the person was told; from then the time to appeal is counted. Raises `Denied`, `NotNow`."""
    case = Case.objects.select_for_update().get(pk=decision.case_id)
    permissions.check_may_write(case, by)
    decision = case.decisions.get(pk=decision.pk)
    rules.check_told(told_on=told_on, decided_on=decision.decided_on, already=decision.told_on, today=timezone.localdate(at))
    decision.told_on = told_on
    if decision.appeal:
        decision.appeal_until = catalogue.order().appeal(decision.appeal, on=decision.decided_on).last_day(told_on)
    decision.save(update_fields=["told_on", "appeal_until"])
    record("casework.decision.told", subject=decision, by=by, at=at)
    return decision


@transaction.atomic
def read_decision(decision: Decision, *, by: User, at: datetime) -> Decision:
    """Say in the audit log that a decision was read. Raises `Denied`."""
    permissions.check_may_read(decision.case, by)
    record("casework.decision.read", subject=decision, by=by, at=at)
    return decision


@transaction.atomic
def follow_up(intervention: Intervention, *, by: User, at: datetime, text: str, next_on: date | None = None) -> Intervention:
    """Write how an intervention goes, and when it's followed up next: by the routine when no day is said.

    Raises `Denied`, `NotNow`.
    """
    case = Case.objects.select_for_update().get(pk=intervention.case_id)
    permissions.check_may_write(case, by)
    rules.check_open(case.status)
    intervention = case.interventions.get(pk=intervention.pk)
    today = timezone.localdate(at)
    rules.check_runs(intervention.end)
    rules.check_follow_up(next_on, start=max(today, intervention.start))
    journal.write(case, by=by, at=at, kind=NoteKind.ASSESSMENT, text=text, sign=False)
    intervention.follow_up_on = next_on or catalogue.order().follow_up_on(intervention.kind, start=today)
    intervention.save(update_fields=["follow_up_on"])
    record("casework.intervention.followed_up", subject=intervention, by=by, at=at)
    return intervention
