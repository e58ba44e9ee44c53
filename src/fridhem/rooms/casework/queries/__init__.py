"""What can be known of cases. Everything starts from `visible_to`: who doesn't need to know of a case can't find it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.accounts.predicates import in_zone
from fridhem.foundation.processes.history import Event, Happened
from fridhem.pure.codes.code_list import CodeList
from fridhem.rooms.casework import catalogue, permissions
from fridhem.rooms.casework.enums import CaseStatus, ClosingReason, Contact, StepStatus
from fridhem.rooms.casework.models import Assignment, BreakGlass, Case, CaseDocument, Decision, Intervention, Note, Step, Wall
from fridhem.rooms.persons import queries as persons
from fridhem.rooms.processes import queries as processes


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that the user works with, all of the unit's for its team leader, and those reached in a colleague's place."""
    return _reached(user, _own(user) | Q(Exists(BreakGlass.objects.filter(case=OuterRef("pk"), user=user, until__gt=Now()))))


def worked_with(user: User) -> QuerySet[Case]:
    """As `visible_to`, without what the user sees by an emergency opening alone."""
    return _reached(user, _own(user))


def _reached(user: User, own: Q) -> QuerySet[Case]:
    if not in_zone(Zone.CASE)(user):
        return Case.objects.none()
    stood_in = RawSQL("SELECT case_id FROM casework_stood_in(%s)", [user.pk])
    delegated = RawSQL("SELECT case_id FROM casework_delegated(%s)", [user.pk])
    mine = own | Q(pk__in=stood_in) | Q(pk__in=delegated)
    walled = Wall.objects.filter(user=user).values("case")
    return Case.objects.filter(mine).exclude(pk__in=walled).exclude(person__in=persons.shut_to(user))


def _own(user: User, *, case: str = "pk", unit: str = "unit") -> Q:
    """What makes a case the user's own: its team, the unit that the role reads. `case` and `unit`: where they stand in a row."""
    own = Q(Exists(Assignment.objects.filter(case=OuterRef(case), user=user)))
    return Q(**{unit: user.unit_id}) | own if permissions.reads_the_unit(user) else own  # the quicker question first


def open_to(user: User) -> QuerySet[Case]:
    """Of `visible_to` those that are open: an index has them together, so that all the closed ones cost nothing."""
    return visible_to(user).filter(status=CaseStatus.OPEN)


def persons_of(user: User) -> QuerySet[Case, Any]:
    """The ids of the persons that the user's cases are about: what gives a need to see them."""
    return visible_to(user).exclude(person=None).values("person")


@dataclass(frozen=True)
class Known:
    """A case that is known to be, and no more: at which unit, and who leads it."""

    id: UUID
    number: str
    unit: Unit
    status: str
    leaders: Sequence[User]


def known_to_be(*, person_id: UUID | None = None, number: str = "") -> list[Known]:
    """The cases about a person, or of that number, that whoever acts doesn't read but whose role may know of."""
    return known_by("SELECT id, number, unit_id, status FROM casework_known(%s, %s)", person_id, number)


def known_by(question: str, *given: UUID | str | None) -> list[Known]:
    """What a question to the database says that whoever acts may know of: (id, number, unit, status)."""
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        found = cursor.fetchall()
    units = Unit.objects.in_bulk({unit for _id, _number, unit, _status in found})
    leaders = list(User.objects.filter(unit__in=units, role=Role.TEAM_LEADER, is_active=True).order_by("name"))
    return [
        Known(id, number, units[unit], status, [one for one in leaders if one.unit_id == unit])
        for id, number, unit, status in found
    ]


def unit_of(number: str) -> UUID | None:
    """Which unit has the case of that number, for telling its leaders; seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_unit_of(%s)", [number])
        found: UUID | None = cursor.fetchone()[0]
    return found


def walls(case: Case) -> QuerySet[Wall]:
    """To whom a case is shut."""
    return case.walls.select_related("user", "said_by").order_by("user__name")


def walled(number: str) -> Case | None:
    """The case of that number, its id alone, when a conflict of interest shuts it to whoever acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_walled(%s)", [number])
        found = cursor.fetchone()[0]
    return Case(pk=found) if found else None


def is_taken(number: str) -> bool:
    """Whether any case has the number, seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_has_number(%s)", [number])
        return bool(cursor.fetchone()[0])


def listed(user: User, *, search: str = "", status: str = "") -> QuerySet[Case]:
    """The cases for a list, newest first, each with its unit and person, and `next_step` and `next_due`: the step due first.

    `search` is part of a case number, `status` one of `CaseStatus`; empty means all.
    """
    found = visible_to(user)
    if search:
        found = found.filter(number__icontains=search.strip())
    if status in CaseStatus.values:
        found = found.filter(status=status)
    open_steps = Step.objects.filter(case=OuterRef("pk"), status=StepStatus.OPEN).order_by(F("due_date").asc(nulls_last=True))
    return (
        found.annotate(next_step=Subquery(open_steps.values("name")[:1]), next_due=Subquery(open_steps.values("due_date")[:1]))
        .select_related("unit", "person")
        .defer("state")
    )


def with_person(user: User, person_id: UUID) -> QuerySet[Case]:
    """The cases about a person that the user knows of."""
    return listed(user).filter(person=person_id)


def earlier(case: Case, user: User) -> QuerySet[Case]:
    """The person's cases that were closed within twelve months before this one was opened, of those that the user sees.

    Each with `contact`, one of `Contact`: how soon the person came back. The latest first. One that went on as an investigation
    isn't something that she came back from.
    """
    opened = Value(case.opened_on, DateField())
    contact = Func(opened, F("closed_on"), function="casework_contact", output_field=CharField())
    same = visible_to(user).filter(person=case.person_id, closed_on__lte=case.opened_on).exclude(pk=case.pk)
    soon = same.annotate(contact=contact).exclude(contact=Contact.OTHER) if case.person_id else Case.objects.none()
    came_back = soon.exclude(closing_reason=ClosingReason.INVESTIGATION_OPENED)
    return came_back.defer("state").order_by("-closed_on", "number")


def unassigned(user: User) -> QuerySet[Case]:
    """Open cases that nobody in the role that has the next step works with."""
    worked_on = Assignment.objects.filter(case=OuterRef("case"), user__role=OuterRef("role"), user__is_active=True)
    waiting = Step.objects.filter(case=OuterRef("pk"), status=StepStatus.OPEN, role=Role.CASEWORKER).exclude(Exists(worked_on))
    return open_to(user).filter(Exists(waiting))


def open_steps(user: User) -> QuerySet[Step]:
    """What is to be done in the cases that the user knows of, what is due first first."""
    return (
        Step.objects.filter(status=StepStatus.OPEN, case__in=open_to(user))
        .select_related("case__person", "case__unit", "assigned_to")
        .defer("case__state")
        .order_by(F("due_date").asc(nulls_last=True), "opened_at", "pk")
    )


def my_work(user: User) -> QuerySet[Step]:
    """The open steps that are the user's to do: taken or given, free for the role or by delegation, or someone's who is away.

    `is_own` tells those that would be the user's whoever was away.
    """
    free = Q(assigned_to=None) | Q(assigned_to__is_active=False)
    delegated = Q(pk__in=RawSQL("SELECT step_id FROM casework_delegated(%s)", [user.pk]))
    by_role = Q(role=user.role) & _own(user, case="case", unit="case__unit")
    own = Q(assigned_to=user) | free & (by_role | delegated)
    for_others = Q(pk__in=RawSQL("SELECT step_id FROM casework_steps_for(%s)", [user.pk]))
    return open_steps(user).filter(own | for_others).annotate(is_own=ExpressionWrapper(own, output_field=BooleanField()))


def with_timers_before(today: date) -> QuerySet[Case]:
    """Open cases with a step whose time limit has passed: the clock may have something to do in their process."""
    late = Step.objects.filter(case=OuterRef("pk"), status=StepStatus.OPEN, due_date__lt=today)
    return Case.objects.filter(Exists(late), status=CaseStatus.OPEN)


def journal(case: Case) -> QuerySet[Note]:
    """The notes of a case that was found through `visible_to`, newest first, each with what has been added to it."""
    return case.notes.select_related("author", "step", "to").prefetch_related(_additions())


def whole_journal(case: Case) -> QuerySet[Note]:
    """Every note of a case, oldest first; what was added comes with its original."""
    return journal(case).filter(to=None).order_by("written_at", "id")


def signed_steps(case: Case) -> QuerySet[Step]:
    """The steps that have been done, oldest first, each with who signed it by doing it."""
    return steps(case).filter(status=StepStatus.DONE).order_by("done_at", "node")


def _additions() -> Prefetch:
    return Prefetch("additions", Note.objects.select_related("author").order_by("written_at", "id"))


def note_id(case: Case, by: User, submission: UUID) -> UUID:
    """The id of the note that a form makes: the same for the same form, and nobody else's form can make it."""
    return uuid5(case.pk, f"{by.pk} {submission}")


def written(case: Case, by: User, submission: UUID) -> Note | None:
    """The note that a form has made already."""
    return case.notes.filter(pk=note_id(case, by, submission)).first()


def unsigned(user: User) -> QuerySet[Note]:
    """The user's own notes that wait for their signature, oldest first."""
    mine = Note.objects.filter(author=user, signed_at=None, case__in=visible_to(user))
    return mine.select_related("case", "step", "to").defer("case__state").order_by("written_at", "id")


@dataclass(frozen=True)
class Unsigned:
    """How many notes someone hasn't signed though they can't be changed any more, and since when."""

    name: str
    count: int
    oldest: date


def left_unsigned(user: User, *, today: date) -> list[Unsigned]:
    """By writer, for the leader of the unit: how many and how old, never what they say."""
    if not permissions.leads_cases(user):
        return []
    locked = Note.objects.filter(signed_at=None, open_until__lt=today, case__in=visible_to(user))
    found = locked.order_by().values("author", "author__name").annotate(n=Count("id"), oldest=Min("written_at"))
    return [Unsigned(row["author__name"], row["n"], timezone.localdate(row["oldest"])) for row in found.order_by("oldest")]


def step_notes(step: Step) -> QuerySet[Note]:
    """What was written in a step."""
    return step.notes.select_related("author")


def documents(case: Case) -> QuerySet[CaseDocument]:
    """The files of a case, newest first, each with its case and who added it."""
    return case.documents.select_related("case", "file__added_by", "file__reviewed_by")


def steps(case: Case) -> QuerySet[Step]:
    """The steps of a case, oldest first."""
    return case.steps.select_related("done_by", "assigned_to", "case")


def interventions(case: Case) -> QuerySet[Intervention]:
    """The interventions of a case with their reasons, newest first."""
    return case.interventions.select_related("decided_by", "decision").prefetch_related("reasons")


def decisions(case: Case) -> QuerySet[Decision]:
    """The decisions of a case with their reasons, newest first."""
    found = case.decisions.select_related("case", "decided_by", "prepared_by").prefetch_related("reasons", "interventions")
    return found.order_by("-decided_on", "id")


def preparers(case: Case, sheets: Collection[str]) -> list[User]:
    """Who has done the steps with these sheets in a case, the latest first."""
    done = case.steps.filter(status=StepStatus.DONE, form__in=sheets).select_related("done_by").order_by("-done_at")
    return list(dict.fromkeys(step.done_by for step in done if step.done_by))


def to_follow_up(user: User, *, today: date) -> QuerySet[Intervention]:
    """The running interventions whose day to be followed up has come, the one that has waited longest first."""
    late = Intervention.objects.filter(end=None, follow_up_on__lte=today, case__in=open_to(user))
    return late.select_related("case").defer("case__state").order_by("follow_up_on", "id")


def running(case: Case) -> int:
    """How many interventions are going on."""
    return case.interventions.filter(end=None).count()


def team(case: Case) -> QuerySet[Assignment]:
    """Who works with a case."""
    return case.assignments.select_related("user__unit").order_by("assigned_on", "user__name")


def units() -> QuerySet[Unit]:
    """The units that can have cases: those with someone who leads them."""
    leads = User.objects.filter(unit=OuterRef("pk"), role=Role.TEAM_LEADER, is_active=True)
    return Unit.objects.filter(Exists(leads)).order_by("name")


def colleagues(case: Case) -> QuerySet[User]:
    """Who may be added to the team of a case: those who work with cases at its unit or at the reception."""
    taken = Assignment.objects.filter(case=case).values("user")
    working = {*processes.roles(), Role.PERSONAL_CONTACT}
    found = User.objects.filter(is_active=True, role__in=working).exclude(pk__in=taken)
    return found.filter(Q(unit=case.unit_id) | Q(role=Role.RECEPTION)).select_related("unit").order_by("name")


def others(user: User) -> QuerySet[User]:
    """Everyone else who works here: to whom something may have to be shut."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name")


def at_the_unit(user: User) -> QuerySet[User]:
    """Everyone at the user's unit, the user too: of whom a leader can say that there is a conflict of interest."""
    return User.objects.filter(unit=user.unit_id, is_active=True).order_by("name")


def code_list(name: str) -> CodeList:
    """One of the dated lists of the room, such as `interventions`. Raises FileNotFoundError for another name."""
    return catalogue.codes(name)


def districts(*, on: date, language: str = "sv") -> list[tuple[str, str]]:
    """The districts that a case may be opened in on that day, as (code, name), for the forms of rooms above."""
    return catalogue.codes("districts").choices_on(on, language)


def answers(case: Case) -> dict[str, str]:
    """What has been answered in a case's steps, the newest answer to each question. It lies sealed."""
    done = Step.objects.filter(case=case, status=StepStatus.DONE).order_by("done_at", "pk")
    return {name: answer for step in done for name, answer in (step.answers or {}).items()}


def history(case: Case) -> list[Event]:
    """What has happened to a case's process, in order."""
    return [
        Event(
            Happened(row.what),
            row.at,
            node=row.node,
            event=row.event,
            answers=row.answers,
            given=[(name, answers) for name, answers in row.given],
            until=row.until,
            days=row.days,
        )
        for row in case.process_events.order_by("number")
    ]


# ── The people of a case ──────────────────────────────────────────────────


@dataclass(frozen=True)
class Member:
    """Someone in a case as a page may show them: masked when protected, with the kinds of their protected details alone."""

    shown: persons.Shown
    role: str
    is_subject: bool
    details: list[Any]


def people(case: Case) -> list[Any]:
    """The persons of a case, the one it's about first. For actions and checks; pages get `members`."""
    if case.person is None:
        return []
    return [case.person, *(one.person for one in persons.related(case.person))]


def subjects_of(case: UUID) -> list[UUID]:
    """Who a case and those linked to it are about, for the outbound check: whoever asks, and whether they see them or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_subjects(%s)", [case])
        return [person for (person,) in cursor.fetchall()]


def members(case: Case, user: User) -> list[Member]:
    """The persons of a case as a page may show them. As many queries, however many they are."""
    if case.person is None:
        return []
    related = persons.related(case.person)
    roles = [(case.person, _("The one the case is about")), *((one.person, one.kind) for one in related)]
    rows = list(persons.details([person.pk for person, _role in roles])) if persons.may_know_of_details(user) else []
    return [
        Member(
            shown=persons.shown(person),  # type: ignore[arg-type]
            role=role,
            is_subject=person.pk == case.person_id,
            details=[row for row in rows if row.person_id == person.pk],
        )
        for person, role in roles
    ]


@dataclass(frozen=True)
class InCases:
    """Someone found by name, as a page may show them, and the reader's cases that they are in."""

    shown: persons.Shown
    cases: list[Case]


def in_cases(found: list[Any], user: User) -> list[InCases]:
    """People of `persons.queries.visible_to` with the cases of `user` that they are in; as many queries for many as for few."""
    persons.make_ready(found)
    about: dict[UUID, set[UUID]] = {person.pk: {person.pk} for person in found}
    for other, person in persons.ties_to(list(about)):
        about[other].add(person)
    cases = list(visible_to(user).filter(person__in=set().union(*about.values())).select_related("unit").defer("state"))
    return [
        InCases(persons.shown(person), [case for case in cases if case.person_id in about[person.pk]])  # type: ignore[arg-type]
        for person in found
    ]


def member(case: Case, person: UUID, user: User) -> Member:
    """One of them. Raises Http404 for someone who isn't in the case."""
    return _one([one for one in members(case, user) if one.shown.id == person])


def relation(case: Case, person: UUID) -> Any:
    """What ties someone to the one the case is about. Raises Http404."""
    ties = persons.related(case.person) if case.person else []
    return _one([one.relation for one in ties if one.person.pk == person])


def detail(case: Case, detail: UUID) -> Any:
    """A protected detail of someone in the case, not opened. Raises Http404."""
    return get_object_or_404(persons.details([person.pk for person in people(case)]), pk=detail)


def _one(found: list[Any]) -> Any:
    if not found:
        raise Http404
    return found[0]
