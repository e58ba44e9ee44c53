"""What can be known of who read what. Lines of the record tell who, when, what and why; never what was read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.oversight import permissions
from fridhem.rooms.oversight.enums import WORDS, Standing
from fridhem.rooms.oversight.models import Question, Review
from fridhem.rooms.oversight.rules import READINGS, Reading

STANDINGS = {
    Standing.ASKED: Q(answer="", outcome=""),
    Standing.ANSWERED: ~Q(answer="") & Q(outcome=""),
    Standing.DECIDED: ~Q(outcome=""),
}


@dataclass(frozen=True)
class Line:
    """A line of the record as a page shows it."""

    at: datetime
    who: str
    role: str
    unit: str
    what: str
    why: str
    where: str
    number: str  # of the case, where there is one


# ── Questions ─────────────────────────────────────────────────────────────


def visible_to(user: User) -> QuerySet[Question]:
    """The questions that the user may review: never those put to oneself."""
    found = Question.objects.exclude(colleague=user).select_related("colleague__unit", "decided_by", "review")
    if permissions.guards_the_record(user):
        return found
    return found.filter(colleague__unit=user.unit_id) if user.has_role(Role.TEAM_LEADER) else found.none()


def listed(user: User, review: Review, *, search: str = "", standing: str = "") -> QuerySet[Question]:
    """A review's questions; `search` is part of the colleague's name, `standing` one of `Standing`, empty for all."""
    found = visible_to(user).filter(review=review)
    if search:
        found = found.filter(colleague__name__icontains=search.strip())
    return found.filter(STANDINGS[Standing(standing)]) if standing in Standing.values else found


def reviews(user: User) -> QuerySet[Review]:
    """The reviews, newest first, with how many of the questions that the user may review wait and how many there are."""
    mine = Q(questions__in=visible_to(user))
    waiting = mine & Q(questions__outcome="")
    return Review.objects.annotate(
        asked=Count("questions", filter=mine, distinct=True), waiting=Count("questions", filter=waiting, distinct=True)
    ).order_by("-since")


def to_answer(user: User) -> QuerySet[Question]:
    """What the user has been asked and hasn't answered."""
    return Question.objects.filter(colleague=user, answer="", outcome="").select_related("review")


def asked_of(user: User) -> QuerySet[Question]:
    """All that the user has been asked."""
    return Question.objects.filter(colleague=user).select_related("review", "decided_by")


# ── Alerts ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class AlertLine:
    """An alert as a page shows it."""

    alert: Alert
    about: str
    number: str
    by: str


def alerts_shown(user: User, *, answered: bool = False) -> QuerySet[Alert]:
    """The alerts for the user's role, newest first; nobody hears of their own doing.

    An alert that names a unit is for that unit, and for the one who guards them all.
    """
    found = Alert.objects.filter(roles__contains=[user.role], acknowledgement__isnull=not answered).exclude(about_user=user.pk)
    if not permissions.guards_the_record(user):
        found = found.filter(Q(unit=None) | Q(unit=user.unit_id))
    return found.select_related("acknowledgement").order_by("-at", "id")


def alert_lines(found: Iterable[Alert], *, user: User) -> list[AlertLine]:
    """Alerts with names and, of the cases that the user knows of, their numbers. As many queries, however many they are."""
    rows = list(found)
    done = {row.pk: row.acknowledgement.by for row in rows if hasattr(row, "acknowledgement")}
    people = User.objects.in_bulk({row.about_user for row in rows if row.about_user} | set(done.values()))
    subjects = {row.subject for row in rows if row.subject}
    known = numbers(subjects) | dict(casework.visible_to(user).filter(pk__in=subjects).values_list("pk", "number"))
    return [
        AlertLine(
            alert=row,
            about=people[row.about_user].name if row.about_user in people else "",
            number=known.get(row.subject, "") if row.subject else "",
            by=people[done[row.pk]].name if row.pk in done else "",
        )
        for row in rows
    ]


# ── The record ────────────────────────────────────────────────────────────


def entries(
    *, colleague: UUID | None = None, case: UUID | None = None, since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Lines of the record, newest first. `until` is the last day. Who may ask is the action's question."""
    found = Entry.objects.order_by("-at", "id")
    if colleague:
        found = found.filter(actor=colleague)
    if case:
        found = found.filter(_belongs_to(belonging(case)))
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until, days=1))
    return found


def _belongs_to(rows: Collection[UUID]) -> Q:
    return Q(subject__in=rows) | Q(about__in=rows)


def _midnight(day: date, *, days: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(days=days)


def lines(found: Iterable[Entry]) -> list[Line]:
    """Lines with names and case numbers. Two queries, however many."""
    rows = list(found)
    people = User.objects.select_related("unit").in_bulk({row.actor for row in rows if row.actor})
    known = numbers({one for row in rows for one in (row.subject, row.about) if one})
    return [_line(row, people, known) for row in rows]


def _line(row: Entry, people: dict[UUID, User], known: dict[UUID, str]) -> Line:
    user = people.get(row.actor) if row.actor else None
    return Line(
        at=row.at,
        who=user.name if user else "",
        role=user.get_role_display() if user else "",
        unit=user.unit.name if user else "",
        what=str(WORDS.get(row.verb, row.verb)),
        why=row.reason,
        where=row.purpose,
        number=next((known[one] for one in (row.subject, row.about) if one in known), ""),
    )


def line_of(question: Question) -> Line:
    """The line that a question is about."""
    return lines(Entry.objects.filter(pk=question.entry))[0]


# ── What the database tells those who guard the record: ids and numbers, and nothing of what is in them ──


def case_id(number: str) -> UUID | None:
    """The case with exactly that number."""
    return next(iter(_asked("SELECT id FROM oversight_case(%s)", [number.strip().upper()])), (None,))[0]


def belonging(case: UUID) -> list[UUID]:
    """The case itself, whom it's about, and the concern it began with: what the record's lines may name."""
    return [row for (row,) in _asked("SELECT id FROM oversight_belonging(%s) AS id", [case])]


def numbers(rows: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of those among `rows` that are cases."""
    return dict(_asked("SELECT id, number FROM oversight_numbers(%s)", [list(rows)])) if rows else {}


def readings(since: date, until: date) -> list[Reading]:
    """Every reading from `since` up to and not including `until`, by those who work here still."""
    asked = [_midnight(since), _midnight(until), list(READINGS)]
    return [Reading(*row) for row in _asked("SELECT entry, at, verb, actor, outside FROM oversight_readings(%s, %s, %s)", asked)]


def colleagues() -> QuerySet[User]:
    """Everyone who works or has worked here."""
    return User.objects.select_related("unit").order_by("name")


def _asked(question: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
