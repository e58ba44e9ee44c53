"""What can be known of time limits: those that run in a case, what is about to be missed, and what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.processes import engine
from fridhem.foundation.processes.definition import Node
from fridhem.foundation.processes.engine import TaskNotOpen
from fridhem.foundation.processes.history import Happened, as_named_now
from fridhem.pure.deadlines.clock import Clock, Reading
from fridhem.pure.deadlines.limits import Limit
from fridhem.rooms.casework import queries, rules
from fridhem.rooms.casework.enums import CaseStatus, ExtensionAnswer, Pressing, StepStatus
from fridhem.rooms.casework.models import DONE_LATE, Assignment, Case, Extension, Step
from fridhem.rooms.processes import queries as processes

DAY = timedelta(days=1)


@dataclass(frozen=True)
class TimeLimit:
    """A time limit in a case: of `node`, by the law or routine `limit`, as `clock` says and as it reads today.

    `extended` is the extension that was last decided, `asked` one that waits for its answer; `still_since` a day while it stands.
    """

    node: Node
    timer: Node
    clock: Clock
    limit: Limit
    reading: Reading
    extended: Extension | None = None
    asked: Extension | None = None
    still_since: date | None = None


# ── In a case ─────────────────────────────────────────────────────────────


def of(case: Case, *, on: date) -> list[TimeLimit]:
    """The time limits that open steps of a case stand under, in the order of the diagram. As many queries for all of them."""
    if case.process_key == rules.NO_PROCESS or case.status != CaseStatus.OPEN:
        return []
    definition = processes.definition(case.process_key, case.process_version)
    running = engine.clocks(definition, case.state)
    found = list(case.extensions.select_related("asked_by", "answered_by")) if running else []
    granted = {one.node: one for one in reversed(found) if one.answer == ExtensionAnswer.GRANTED}
    asked = {one.node: one for one in found if not one.answer}
    since = _still_since(case) if any(one.clock.is_still for one in running) else {}
    limits = [processes.limit_of(definition, one.timer, on=timezone.localdate(one.clock.began)) for one in running]
    return [
        TimeLimit(
            one.node,
            one.timer,
            one.clock,
            limit,
            one.clock.reading(on, soon=limit.soon),
            granted.get(one.node.id),
            asked.get(one.node.id),
            since.get(one.node.id) if one.clock.is_still else None,
        )
        for one, limit in zip(running, limits, strict=True)
    ]


def one(case: Case, node: str, *, on: date) -> TimeLimit:
    """The time limit of a node: of several, the longest. Raises `TaskNotOpen` when nothing there goes on."""
    found = [each for each in of(case, on=on) if each.node.id == node]
    if not found:
        raise TaskNotOpen(_("The time limit no longer runs: the case has moved on."))
    return max(found, key=lambda each: each.clock.ordinary)


def _still_since(case: Case) -> dict[str, date]:
    """The day on which each node's time limit was last stopped, by the names that the nodes have now."""
    events = as_named_now(queries.history(case))
    return {event.node: timezone.localdate(event.at) for event in events if event.what == Happened.PAUSED}


# ── In all cases that one sees ────────────────────────────────────────────


def under_limit(user: User, *, mine: bool = False, process: str = "", unit: str = "") -> QuerySet[Step]:
    """The open steps with a time limit in the cases that the user sees, whoever does them; what ends first comes first.

    `mine`: only cases that the user works with. `process` is a key, `unit` an id; empty means all.
    """
    cases = _chosen(user, mine=mine, process=process, unit=unit).filter(status=CaseStatus.OPEN)
    timed = Step.objects.filter(Q(due_date__isnull=False) | Q(is_still=True), status=StepStatus.OPEN, case__in=cases)
    return _shown(timed).order_by(F("due_date").asc(nulls_last=True), "opened_at", "pk")


def within(when: str, *, today: date) -> Q:
    """The steps whose time limit stands so, one of `Pressing`; the pressing ones when it's none of these."""
    late, soon = Q(due_date__lt=today), Q(warn_date__lte=today)
    chosen = {
        Pressing.LATE: late,
        Pressing.SOON: soon & Q(due_date__gte=today),
        Pressing.STILL: Q(is_still=True),
        Pressing.ALL: Q(),
    }
    return chosen.get(Pressing(when) if when in Pressing.values else Pressing.PRESSING, late | soon)


def counted(found: QuerySet[Step], *, today: date) -> dict[str, int]:
    """How many steps each of `Pressing` has."""
    each = {each.name: Count("pk", filter=within(each, today=today)) for each in Pressing}
    counts = found.order_by().aggregate(**each)
    return {Pressing[name].value: count for name, count in counts.items()}


def missed(user: User, *, first: date, last: date, mine: bool = False, process: str = "", unit: str = "") -> QuerySet[Step]:
    """The steps that were done from `first` to `last` after their last day, each with that day as `was_due`; newest first."""
    cases = _chosen(user, mine=mine, process=process, unit=unit)
    day_after = min(last, date.max - DAY) + DAY
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (first, day_after))
    found = Step.objects.filter(DONE_LATE, case__in=cases, done_at__gte=begins, done_at__lt=ends)
    found = _shown(found).annotate(was_due=Coalesce("missed_date", "due_date"))
    return found.select_related("done_by").order_by("-done_at", "pk")


def waiting(user: User) -> QuerySet[Extension]:
    """The extensions that wait for an answer in the open cases that the user sees, the oldest first."""
    cases = queries.visible_to(user).filter(status=CaseStatus.OPEN)
    return Extension.objects.filter(answer="", case__in=cases).select_related("case", "asked_by").order_by("asked_at", "pk")


def choices(user: User) -> tuple[list[tuple[str, str]], Sequence[Unit]]:
    """The processes, as (key, name), and the units of the cases that the user sees."""
    pairs = set(queries.visible_to(user).order_by().values_list("process_key", "unit").distinct())
    names = {definition.key: definition.name for definition in processes.in_force(on=timezone.localdate())}
    keys = {key for key, _unit in pairs if key != rules.NO_PROCESS}
    named = sorted(((key, names.get(key, key)) for key in keys), key=lambda pair: pair[1])
    return named, list(Unit.objects.filter(pk__in={unit for _key, unit in pairs}).order_by("name"))


def days_late(step: Step, *, was_due: date) -> int:
    """How many days after its last day a step was done."""
    assert step.done_at is not None
    return (timezone.localdate(step.done_at) - was_due) // DAY


def _chosen(user: User, *, mine: bool, process: str, unit: str) -> QuerySet[Case]:
    found = queries.visible_to(user)
    if mine:
        found = found.filter(pk__in=Assignment.objects.filter(user=user).values("case"))
    if process:
        found = found.filter(process_key=process)
    return found.filter(unit=UUID(unit)) if unit else found


def _shown(found: QuerySet[Step]) -> QuerySet[Step]:
    return found.select_related("case__person", "case__unit").defer("case__state")
