"""What can be done with a case: open, do a step, write, grant and end interventions, assign, close."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.audit.record import record
from fridhem.foundation.processes.engine import WrongState
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import catalogue, permissions, queries, rules
from fridhem.rooms.casework.actions import journal, links, way
from fridhem.rooms.casework.actions.journal import write_note as write_note
from fridhem.rooms.casework.enums import AgeGroup, CaseStatus, ClosingReason, NoteKind, Outcome, StepStatus
from fridhem.rooms.casework.models import Assignment, Case, Decision, Intervention, InterventionReason, Step
from fridhem.rooms.casework.queries import work
from fridhem.rooms.casework.queries.sections import left_for
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.processes import queries as processes


@dataclass(frozen=True)
class FormerIntervention:
    """An intervention in a finished case of the former system."""

    kind: str
    reasons: tuple[str, ...]
    decided_on: date
    end: date
    outcome: str


@dataclass(frozen=True)
class FormerCase:
    """A finished case of the former system. `number` is ours to be; empty: drawn, as when theirs tells something."""

    number: str
    unit: Unit
    district: str
    age_group: str
    opened_on: date
    closed_on: date
    closing_reason: str
    interventions: tuple[FormerIntervention, ...]
    person_id: UUID | None = None


class AlreadyDone(NotNow):
    """Someone else did the step first."""


@transaction.atomic
def open_case(
    *,
    by: User,
    at: datetime,
    district: str,
    process: str = rules.VINR_ADULT,
    age_group: str = AgeGroup.ADULT,
    person_id: UUID | None = None,
    unit: Unit | None = None,
    team: Collection[User] = (),
    summary: str = "",
    number: str = "",
) -> Case:
    """A new case at the first step of its process.

    `district`: a code of the list `districts`, valid on the day. `unit` has the case (`by`'s own without); `team` works with
    it together with `by`; `person_id` is a `persons.Person`, None while it isn't known who it's about. `summary` is what came
    in, the first note of the journal. `number` is drawn when it isn't given. Raises `Denied`, `UnknownCode`, KeyError for an
    unknown process.
    """
    permissions.check_may_open(by)
    for user in team:
        permissions.check_may_work(user)
    day = timezone.localdate(at)
    definition = processes.newest(process, on=day)
    state, began = way.begun(definition, {"age_group": AgeGroup(age_group).value}, at=at, by=by)
    case = Case.objects.create(
        number=number or _free_number(),
        person_id=person_id,
        process_key=definition.key,
        process_version=definition.version,
        state=state,
        unit=unit or by.unit,
        district=catalogue.codes("districts").find(district, on=day).code,
        age_group=age_group,
        opened_on=day,
    )
    Assignment.objects.bulk_create(Assignment(case=case, user=user, assigned_on=day) for user in {by, *team})
    way.keep(case, began, by=by)
    record("casework.case.opened", subject=case, by=by, at=at)
    if summary:
        journal.write(case, by=by, at=at, kind=NoteKind.CONCERN, text=summary, sign=True)
    return case


@transaction.atomic
def open_for(*, by: User, at: datetime, name: str = "", identity_number: str = "", **given: Any) -> Case:
    """Open a case about someone by name and number (registered if they aren't known); `given` as in `open_case`."""
    person = persons.register(by=by, at=at, name=name, identity_number=identity_number) if name else None
    return open_case(by=by, at=at, person_id=person.pk if person else None, **given)


@transaction.atomic
def read_case(case: Case, *, by: User, at: datetime) -> Case:
    """Say in the audit log that the case was read. Raises `Denied`."""
    permissions.check_may_read(case, by)
    record("casework.case.read", subject=case, by=by, at=at)
    return case


@transaction.atomic
def read_step(step: Step, *, by: User, at: datetime) -> Step:
    """Say in the audit log that what was written in a step was read. Raises `Denied`."""
    permissions.check_may_read(step.case, by)
    record("casework.step.read", subject=step, by=by, at=at)
    return step


@transaction.atomic
def complete_step(step: Step, *, by: User, at: datetime, answers: Mapping[str, str], text: str = "") -> Case:
    """Do a step of a case: the process moves on, and `text` becomes a note in the journal.

    `answers`: an answer to each question of the step's sheet, kept sealed; the process is told only those that steer it. Doing
    the step signs them, and the note. When the process has come to its end the case is closed, or stays open until what was
    granted in it has ended; where the end says that it goes on as another process, a case on that one is opened, and returned.
    Raises `Denied`, `AlreadyDone` when another person was first, `NotNow` when something else must be done before.
    """
    case = _locked(step.case)
    step = Step.objects.select_related("done_by").get(pk=step.pk)
    step.case = case
    permissions.check_may_do(step, by)
    _check_still_open(step)
    rules.check_open(case.status)
    sheet = processes.sheet(step.form)
    rules.check_answers(sheet, answers)
    rules.check_needs(sheet, answers, running=queries.running(case))
    rules.check_all_signed(len(left_for(step)))
    delegation = None if by.has_role(step.role) or permissions.leads(by, case) else work.delegated(step, by)
    step.status, step.done_at, step.done_by, step.answers = StepStatus.DONE, at, by, dict(answers)
    step.save(update_fields=["status", "done_at", "done_by", "answers"])  # first: by delegation, having done it opens the case
    way.complete(case, step, answers, by=by, at=at)
    record("casework.step.done", subject=step, by=by, at=at, reason=step.node)
    if delegation:
        record("casework.delegation.used", subject=delegation, by=by, at=at, reason=str(step.pk))
    if text:
        kind = NoteKind(sheet.writes if sheet else NoteKind.ASSESSMENT)
        journal.write(case, by=by, at=at, kind=kind, text=text, step=step, sign=True)
    if way.is_finished(case):
        return _ended(case, answers, text=text, by=by, at=at)
    return case


@transaction.atomic
def raise_event(case: Case, event: str, *, by: User, at: datetime) -> bool:
    """Tell the case's process that something has happened: what its diagram says of that is begun at once.

    `event`: a code of the processes' list of events. Whether anything was begun: a process may have no branch for it, or be
    on it already. Raises `Denied`, `CaseClosed`.
    """
    permissions.check_may_write(case, by)
    case = _locked(case)
    rules.check_open(case.status)
    try:
        begun = way.raise_event(case, event, by=by, at=at)
    except WrongState:  # a danger isn't told in vain because the state can't be read
        way.rebuild(case, by=by, at=at)
        begun = way.raise_event(case, event, by=by, at=at)
    if begun:
        record("casework.event.raised", subject=case, by=by, at=at, reason=event)
    return begun


@transaction.atomic
def let_time_pass(case: Case, *, at: datetime) -> Case:
    """Let the time limits that have passed do in the process what the diagram says. By the house itself.

    Nothing happens in a case that was closed meanwhile.
    """
    case = _locked(case)
    if case.status != CaseStatus.OPEN:
        return case
    way.pass_time(case, at=at)
    return case if way.next_process(case) else _closed_when_over(case, by=None, at=at)


@transaction.atomic
def grant_intervention(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    reasons: Collection[str],
    start: date | None = None,
    decided_on: date | None = None,
    decision: Decision | None = None,
    provider: str = "",
    follow_up_on: date | None = None,
) -> Intervention:
    """Decide on an intervention. `kind` and `reasons` are codes that are valid on the day of decision (today without).

    It may begin later than it's decided, or have begun already. `decision`: the one that it carries out, whose day is then the
    day of decision. Where its kind must be followed up, `follow_up_on` is set by the routine when nobody says another day.
    Raises `Denied`, `UnknownCode` for a code that the list doesn't have that day, `NotNow` without a reason, in a closed case,
    for a decision that doesn't grant it or hasn't been made yet, or days before the case.
    """
    case = _locked(case)
    permissions.check_may_grant(case, by)
    rules.check_open(case.status)
    rules.check_reasons(reasons)
    today = timezone.localdate(at)
    if decision:
        decision = case.decisions.get(pk=decision.pk)
        what = catalogue.order().kind(decision.kind, on=decision.decided_on)
        rules.check_carries_out(what, decision.outcome, refused=decision.refused, intervention=kind)
    day = decided_on or (decision.decided_on if decision else today)
    rules.check_follow_up(follow_up_on, start=start or day)
    rules.check_granted_days(decided_on=day, start=start or day, opened_on=case.opened_on, today=today)
    intervention = Intervention.objects.create(
        case=case,
        kind=catalogue.codes("interventions").find(kind, on=day).code,
        decided_on=day,
        decided_by=decision.decided_by if decision else by,
        decision=decision,
        start=start or day,
        follow_up_on=follow_up_on or catalogue.order().follow_up_on(kind, start=start or day),
        provider=provider or None,
    )
    found = [catalogue.codes("reasons").find(reason, on=day) for reason in dict.fromkeys(reasons)]
    InterventionReason.objects.bulk_create(InterventionReason(intervention=intervention, code=code.code) for code in found)
    record("casework.intervention.granted", subject=intervention, by=by, at=at, reason=kind)
    return intervention


@transaction.atomic
def end_intervention(intervention: Intervention, *, by: User, at: datetime, end: date, outcome: str) -> Intervention:
    """Say when an intervention ended and how it went; with the last one a case is closed whose process is over.

    Raises `Denied`, `NotNow`, ValueError for an unknown outcome.
    """
    case = _locked(intervention.case)
    intervention = Intervention.objects.get(pk=intervention.pk)
    permissions.check_may_write(case, by)
    rules.check_runs(intervention.end)
    if end < intervention.start:
        raise NotNow(_("An intervention can't end before it began."))
    intervention.end, intervention.outcome = end, Outcome(outcome).value
    intervention.save(update_fields=["end", "outcome"])
    record("casework.intervention.ended", subject=intervention, by=by, at=at, reason=intervention.outcome)
    _closed_when_over(case, by=by, at=at)
    return intervention


@transaction.atomic
def assign(case: Case, *, by: User, at: datetime, user: User) -> Assignment:
    """Let a colleague work with the case; harmless when they already do. Raises `Denied`, also when the colleague may not."""
    permissions.check_may_lead(case, by)
    permissions.check_may_work(user, case)
    assignment, made = Assignment.objects.get_or_create(case=case, user=user, defaults={"assigned_on": timezone.localdate(at)})
    if made:
        record("casework.case.assigned", subject=case, by=by, at=at, reason=str(user.pk))
    return assignment


@transaction.atomic
def close_case(case: Case, *, by: User, at: datetime, reason: str) -> Case:
    """Close before the process has come to its end. Raises `Denied`, `NotNow` while interventions run, ValueError."""
    case = _locked(case)
    permissions.check_may_lead(case, by)
    rules.check_open(case.status)
    rules.check_nothing_runs(queries.running(case))
    return _close(case, by=by, at=at, reason=ClosingReason(reason).value)


@transaction.atomic
def take_over(former: Iterable[FormerCase], *, by: User, at: datetime) -> list[Case]:
    """Take over finished cases from the system that was used before, in their order.

    They come without a process and without a journal: what was granted, and why, is what can be counted. Written in batches
    with one line in the audit log. Raises `Denied`, `UnknownCode` for a code that its list doesn't have on the day of decision.
    """
    permissions.check_may_open(by)
    taken = list(former)
    cases, interventions, reasons = [], [], []
    for old in taken:
        case = Case(
            number=old.number or _free_number(),
            person_id=old.person_id,
            process_key=rules.NO_PROCESS,
            process_version=0,
            state={},
            status=CaseStatus.CLOSED,
            unit=old.unit,
            district=catalogue.codes("districts").find(old.district, on=old.opened_on).code,
            age_group=old.age_group,
            opened_on=old.opened_on,
            closed_on=old.closed_on,
            closing_reason=old.closing_reason,
        )
        cases.append(case)
        for granted in old.interventions:
            rules.check_reasons(granted.reasons)
            intervention = Intervention(
                case=case,
                kind=catalogue.codes("interventions").find(granted.kind, on=granted.decided_on).code,
                decided_on=granted.decided_on,
                decided_by=by,
                start=granted.decided_on,
                end=granted.end,
                outcome=granted.outcome,
            )
            interventions.append(intervention)
            found = [catalogue.codes("reasons").find(reason, on=granted.decided_on) for reason in granted.reasons]
            reasons += [InterventionReason(intervention=intervention, code=code.code) for code in found]
    Case.objects.bulk_create(cases, batch_size=1000)
    Intervention.objects.bulk_create(interventions, batch_size=1000)
    InterventionReason.objects.bulk_create(reasons, batch_size=1000)
    record("casework.cases.taken_over", subject=None, by=by, at=at, reason=str(len(cases)))
    return cases


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(case: Case) -> Case:
    """The case as it is now, and nobody else's until the transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)


def _reason(case: Case, answers: Mapping[str, str]) -> str:
    """Why a case is closed that has come to its end; also when the last thing done was something else than the closing."""
    said = answers.get("closing_reason") or way.ending(case) or queries.answers(case).get("closing_reason")
    return said or ClosingReason.FINISHED


def _free_number() -> str:
    while True:
        number = "V-" + "".join(secrets.choice(rules.NUMBER_SIGNS) for _ in range(rules.NUMBER_LENGTH))
        if not queries.is_taken(number):
            return number


def _check_still_open(step: Step) -> None:
    if step.status == StepStatus.DONE and step.done_by and step.done_at:
        raise AlreadyDone(
            _("%(who)s finished “%(step)s” at %(when)s. What you wrote wasn't saved: go back to copy it, and write it as a note.")
            % {"who": step.done_by.name, "step": step.name, "when": f"{timezone.localtime(step.done_at):%H.%M}"}
        )
    if step.status != StepStatus.OPEN:
        raise AlreadyDone(_("“%(step)s” is no longer needed: the case has moved on.") % {"step": step.name})


def _ended(case: Case, answers: Mapping[str, str], *, text: str, by: User, at: datetime) -> Case:
    """Close a case whose process has come to its end, unless something that was granted still runs.

    The case that it goes on as is opened first: it isn't a new contact.
    """
    process = way.next_process(case)
    went_on = links.go_on(case, process, text=text, by=by, at=at) if process else None
    closed = case if queries.running(case) else _close(case, by=by, at=at, reason=_reason(case, answers))
    return went_on or closed


def _closed_when_over(case: Case, *, by: User | None, at: datetime) -> Case:
    """The case, closed when its process has come to its end and nothing that was granted runs any longer."""
    if case.status != CaseStatus.OPEN or queries.running(case) or not way.is_finished(case):
        return case
    return _close(case, by=by, at=at, reason=_reason(case, {}))


def _close(case: Case, *, by: User | None, at: datetime, reason: str) -> Case:
    case.status, case.closed_on, case.closing_reason = CaseStatus.CLOSED, timezone.localdate(at), reason
    case.save(update_fields=["status", "closed_on", "closing_reason"])
    Step.objects.filter(case=case, status=StepStatus.OPEN).update(status=StepStatus.LAPSED)
    record("casework.case.closed", subject=case, by=by, at=at, reason=reason)
    return case
