"""Every matter judged: the rooms' plain facts, put together by file, and the rules in force.

On which day someone was born is looked up only when nothing else keeps the matter: whether it's in the research sample, and for a
child's papers the year. The day itself isn't kept; a time that is counted from birth is rounded up to the end of the year.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from fridhem.pure.deadlines.span import Span
from fridhem.pure.retention.rule import Kind, When
from fridhem.pure.retention.verdict import Matter, Outcome, Reason, Verdict, judge
from fridhem.rooms.casework import disposal as casework
from fridhem.rooms.casework.disposal import CaseFacts
from fridhem.rooms.intake import disposal as intake
from fridhem.rooms.persons import disposal as persons
from fridhem.rooms.retention import catalogue
from fridhem.rooms.retention.enums import MatterKind
from fridhem.rooms.retention.models import Hold
from fridhem.rooms.retention.models import Matter as Known

MAJORITY, CHILDHOOD = 18, 30  # years: a child's papers are kept so long from birth, and nobody is a child longer than that
BATCH = 1000


@dataclass(frozen=True)
class Judged:
    """A matter with its verdict. `is_sampled` is None when the day of birth wasn't needed."""

    id: UUID
    kind: MatterKind
    number: str
    verdict: Verdict
    is_sampled: bool | None = None


@dataclass(frozen=True)
class _Candidate:
    """A case with the facts that are judged, before any day of birth."""

    case: CaseFacts
    matter: Matter
    verdict: Verdict


def everything(*, at: datetime) -> Iterator[Judged]:
    """Every case and every concern without a case, judged as of the local day of `at`."""
    yield from _cases(list(casework.facts()), at=at)
    yield from _concerns(intake.facts(), at=at)


def one(kind: str, matter_id: UUID, *, at: datetime) -> Judged | None:
    """One matter as it is right now, None when it isn't there."""
    if kind == MatterKind.CONCERN:
        return next(_concerns(intake.facts([matter_id]), at=at), None)
    itself = next(casework.facts([matter_id]), None)
    if itself is None:
        return None
    file = [itself.person_id] if itself.person_id else []
    cases = list(casework.facts({matter_id, *casework.of_persons(file)}))
    return next((found for found in _cases(cases, at=at) if found.id == matter_id), None)


# ── Concerns ──────────────────────────────────────────────────────────────


def _concerns(facts: Iterable[intake.ConcernFacts], *, at: datetime) -> Iterator[Judged]:
    held = set(Hold.objects.filter(lifted_at=None, concern__isnull=False).values_list("concern_id", flat=True))
    for concern in facts:
        matter = Matter(
            Kind.CONCERN,
            last_note_on=concern.last_note_on,
            closed_on=concern.finished_on,
            is_about_child=concern.is_about_child,
            municipality=settings.FRIDHEM_MUNICIPALITY_CODE,
            is_held=concern.id in held,
        )
        yield Judged(concern.id, MatterKind.CONCERN, concern.number, _judge(matter, at))


# ── Cases ─────────────────────────────────────────────────────────────────


def _cases(facts: Collection[CaseFacts], *, at: datetime) -> Iterator[Judged]:
    """The cases judged; `facts` must hold every case of each person in it."""
    known = dict(Known.objects.filter(is_sampled__isnull=False).values_list("id", "is_sampled"))
    waiting = iter(_candidates(facts, at))
    while batch := list(islice(waiting, BATCH)):
        needed = [found.case.person_id for found in batch if _needs_birth(found, known.get(found.case.id), at)]
        unsure = {person_id for person_id in needed if person_id}
        births = persons.born(unsure, at=at) if unsure else {}
        for found in batch:
            yield _with_birth(found, known.get(found.case.id), unsure, births, at)


def _candidates(facts: Collection[CaseFacts], at: datetime) -> Iterator[_Candidate]:
    held = set(Hold.objects.filter(lifted_at=None, case__isnull=False).values_list("case_id", flat=True))
    files: dict[UUID, list[CaseFacts]] = {}
    for case in facts:
        if case.person_id:
            files.setdefault(case.person_id, []).append(case)
    for case in facts:
        file = files.get(case.person_id, [case]) if case.person_id else [case]
        matter = Matter(
            Kind.CASE,
            last_note_on=case.last_note_on,
            closed_on=case.closed_on,
            is_about_child=case.is_about_child,
            circumstances=frozenset({When.CHILD_PLACED} if case.child_was_placed else ()),
            municipality=settings.FRIDHEM_MUNICIPALITY_CODE,
            is_held=case.id in held,
            file_last_note_on=max(each.last_note_on for each in file),
            file_is_open=any(each.closed_on is None for each in file),
        )
        yield _Candidate(case, matter, _judge(matter, at))


def _needs_birth(found: _Candidate, sampled: bool | None, at: datetime) -> bool:
    """Whether the day of birth could change the verdict."""
    if found.case.person_id is None or sampled:
        return False
    if found.verdict.outcome == Outcome.DISPOSE:
        return sampled is None
    by_birth = any(rule.counted_from == "birth" for rule in found.verdict.rules)
    grown_up = Span(months=12 * (CHILDHOOD - MAJORITY)).after(found.matter.last_note_on)
    return found.verdict.outcome == Outcome.UNTIL and by_birth and timezone.localdate(at) > grown_up


def _with_birth(
    found: _Candidate, sampled: bool | None, unsure: set[UUID], births: dict[UUID, date | None], at: datetime
) -> Judged:
    """The verdict with what the day of birth adds to it."""
    case, verdict = found.case, found.verdict
    if case.person_id and case.person_id in unsure and case.person_id not in births:
        verdict = Verdict(Outcome.HOLD, reasons=(Reason.UNREADABLE,))
    elif case.person_id and case.person_id in births:
        born = births[case.person_id]
        exact = _judge(replace(found.matter, born_on=born), at)
        sampled = exact.outcome == Outcome.FOR_EVER
        verdict = exact if sampled or not born else _judge(replace(found.matter, born_on=date(born.year, 12, 31)), at)
    elif sampled and verdict.outcome in (Outcome.DISPOSE, Outcome.UNTIL):
        verdict = _judge(replace(found.matter, born_on=date(2000, 1, _sample_day(at))), at)
    return Judged(case.id, MatterKind.CASE, case.number, verdict, sampled)


def _sample_day(at: datetime) -> int:
    """A day of the month that is in the research sample."""
    today = timezone.localdate(at)
    return next(int(rule.value[0]) for rule in catalogue.rules() if rule.when == When.BORN_ON_DAY and rule.is_valid_on(today))


def _judge(matter: Matter, at: datetime) -> Verdict:
    return judge(matter, rules=catalogue.rules(), on=timezone.localdate(at))
