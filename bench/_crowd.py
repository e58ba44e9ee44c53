"""A large municipality's cases: a few that were lived through by the actions, and a crowd of copies of them.

A copy has keys of its own, its days moved, and a unit, a team and a person of its own. What lies sealed can be opened in its own
row only: nobody opens a copy's notes and answers, which lie there as heavy as the real ones. Its person is a real one, for lists
show people. The history of the rows isn't written, for no page reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from bench._town import told
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.casework import actions
from fridhem.rooms.casework.models import Assignment, Case, Intervention, InterventionReason, Note, ProcessEvent, Step
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons.models import Person
from tests.factories import accounts, casework

COPIED = {
    Case: "r.id",
    Assignment: "r.case_id",
    Step: "r.case_id",
    Note: "r.case_id",
    Intervention: "r.case_id",
    InterventionReason: "(SELECT i.case_id FROM casework_intervention i WHERE i.id = r.intervention_id)",
    ProcessEvent: "r.case_id",
}
UNITS, WORKERS = 20, 10  # units beside the two that are measured, and caseworkers at each
STEADY = 300  # cases at the unit that doesn't grow
OPEN = 100  # cases open at least at the units that are measured: a page of each list is full, the leader's own work too
LOOPS = 3  # follow-ups before the last


@dataclass(frozen=True)
class Place:
    """A unit with its leader and its caseworkers, and the case there that is opened."""

    unit: Unit
    leader: User
    workers: list[User]
    number: str = ""


@dataclass(frozen=True)
class Patterns:
    """The cases that were lived through, by how they stand; their worker's place in the copies is taken by another."""

    finished: list[Case]
    waiting: list[Case]
    worker: User


@dataclass(frozen=True)
class Town:
    """The unit that doesn't grow, the one that has a tenth, all the others, and what the cases are copied from."""

    steady: Place
    tenth: Place
    others: list[Place]
    patterns: Patterns


def founded() -> Town:
    """The units and the real cases: so far a small place."""
    now = timezone.now()
    steady, tenth, *others = [_place(f"Enhet {n}") for n in range(UNITS + 2)]
    return Town(_with_busy_case(steady, now), _with_busy_case(tenth, now), others, _patterns(steady, now))


def grown(town: Town, many: int) -> None:
    """Let the town have so `many` cases more."""
    leader = town.steady.leader
    with as_the_house("bench"):
        people = [row.pk for row in persons.register_many(told(many), by=leader, at=timezone.now())]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE crowd (n int, pattern uuid, unit uuid, leader uuid, worker uuid, days int, person uuid)"
        )
        with cursor.copy("COPY crowd FROM STDIN") as copy:
            for n, (row, person) in enumerate(zip(_crowd(town, many), people, strict=True)):
                copy.write_row((n, *row, person))
        cursor.execute("ANALYZE crowd")
        for model, case in COPIED.items():
            _copy(cursor, model, case, town.patterns.worker)
        cursor.execute("DROP TABLE crowd")


def counted() -> str:
    """How large the town is."""
    return ", ".join(f"{model.objects.count():,} {model._meta.verbose_name_plural}" for model in (Case, Step, Note, ProcessEvent))


# ── What was lived through ────────────────────────────────────────────────


def _place(name: str) -> Place:
    unit = accounts.unit(name)
    return Place(unit, accounts.user(Role.TEAM_LEADER, unit=unit), [accounts.user(unit=unit) for _ in range(WORKERS)])


def _with_busy_case(place: Place, now: datetime) -> Place:
    """The place with a case in which follow-ups have begun, and much has been written."""
    with accounts.at_work(place.leader, "bench"):
        person = persons.register(by=place.leader, at=now, name="Ärla Humla")
        case = _opened(place, now, person_id=person.pk)
        _followed_up(case, place, now, times=LOOPS)
        for n in range(30):
            actions.write_note(case, by=place.leader, at=now, text=f"Samtal {n}. " + "Hon berättar hur veckan har varit. " * 8)
    return Place(place.unit, place.leader, place.workers, case.number)


def _patterns(place: Place, now: datetime) -> Patterns:
    """Finished cases with ten steps, and open ones that wait for a follow-up or a decision."""
    with accounts.at_work(place.leader, "bench"):
        finished = [_finished(_opened(place, now), place, now, times=LOOPS) for _ in range(3)]
        following = [_followed_up(_opened(place, now), place, now, times=LOOPS) for _ in range(2)]
        deciding = [_investigated(_opened(place, now), place, now) for _ in range(2)]
    return Patterns(finished, [*following, *deciding], place.workers[0])


def _opened(place: Place, now: datetime, **given: UUID) -> Case:
    at = now - timedelta(days=150)
    return casework.case(by=place.workers[0], at=at, unit=place.unit, summary="Hon ringer själv.", **given)


def _investigated(case: Case, place: Place, now: datetime) -> Case:
    """Every step done a month after the one before, so that some are late."""
    for n, node in enumerate(("assess_protection", "map_violence", "assess_risk", "propose")):
        case = _done(case, node, place, now - timedelta(days=140 - 10 * n))
    return case


def _followed_up(case: Case, place: Place, now: datetime, *, times: int) -> Case:
    case, at = _investigated(case, place, now), now - timedelta(days=100)
    actions.grant_intervention(case, by=place.leader, at=at, kind="support_talks", reasons=["physical_violence"])
    case = _done(case, "decide", place, at)
    for n in range(times):
        case = _done(case, "follow_up", place, now - timedelta(days=90 - n))
    return case


def _finished(case: Case, place: Place, now: datetime, *, times: int) -> Case:
    case = _followed_up(case, place, now, times=times)
    (running,) = case.interventions.all()
    actions.end_intervention(running, by=place.leader, at=now, end=timezone.localdate(now), outcome="met")
    case = _done(case, "follow_up", place, now - timedelta(days=1), follow_up="finish")
    return _done(case, "close", place, now)


def _done(case: Case, node: str, place: Place, at: datetime, **answers: str) -> Case:
    return casework.do(case, node, by=place.leader, at=at, text="Vi har talats vid, och hon vill gå vidare.", **answers)


# ── The crowd ─────────────────────────────────────────────────────────────


def _crowd(town: Town, many: int) -> Iterator[tuple[UUID, UUID, UUID, UUID, int]]:
    """Of each copy: the pattern, the unit, its leader, its caseworker, and by how many days it's moved."""
    steady, tenth = min(STEADY, many // 2), many // 10
    for place, size, least in ((town.steady, steady, OPEN), (town.tenth, tenth, OPEN)):
        yield from _cases_at([place], size, town.patterns, max(least, size // 8))
    yield from _cases_at(town.others, many - steady - tenth, town.patterns, (many - steady - tenth) // 8)


def _cases_at(places: list[Place], size: int, patterns: Patterns, waiting: int) -> Iterator[tuple[UUID, UUID, UUID, UUID, int]]:
    """The first ones wait, and are late, soon or later; the rest are finished, the earliest two years ago."""
    for n in range(size):
        place = places[n % len(places)]
        worker = place.workers[n // len(places) % len(place.workers)]
        kind, days = (patterns.waiting, n * 7 % 120 - 60) if n < waiting else (patterns.finished, -(n * 37 % 700))
        yield kind[n % len(kind)].pk, place.unit.pk, place.leader.pk, worker.pk, days


def _copy(cursor: object, model: type[models.Model], case: str, worker: User) -> None:
    """Insert the rows of each pattern once for each of its copies."""
    meta = model._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    values = ", ".join(_copied(field, worker) for field in meta.concrete_fields)
    cursor.execute(f"ALTER TABLE {meta.db_table} DISABLE TRIGGER USER")
    cursor.execute(
        f"INSERT INTO {meta.db_table} ({columns}) SELECT {values} FROM {meta.db_table} r JOIN crowd ON crowd.pattern = {case}"
    )
    cursor.execute(f"ALTER TABLE {meta.db_table} ENABLE TRIGGER USER")


def _copied(field: models.Field, worker: User) -> str:
    """The SQL of a column's value in a copy."""
    held = f'r."{field.column}"'
    if field.primary_key or field.name == "task" or field.related_model in COPIED:
        return f"md5({held}::text || crowd.n)::uuid"
    if field.related_model is User:
        return f"CASE WHEN {held} = '{worker.pk}' THEN crowd.worker WHEN {held} IS NOT NULL THEN crowd.leader END"
    if field.related_model in (Unit, Person):
        return f"crowd.{field.name}"
    if (field.model, field.name) == (Case, "number"):
        return "'B-' || lpad(crowd.n::text, 6, '0')"
    if isinstance(field, models.DateTimeField):
        return f"{held} + crowd.days * interval '1 day'"
    return f"{held} + crowd.days" if isinstance(field, models.DateField) else held
