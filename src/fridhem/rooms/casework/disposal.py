"""What retention asks of casework: the plain facts of a case, and to destroy it when its time is over.

What was counted stays counted: before a case is destroyed, its interventions are added to counts by code that know no case.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear, Greatest, TruncDate

from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.foundation.files.models import File, Piece
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework.enums import AgeGroup, CaseStatus
from fridhem.rooms.casework.models import (
    Assignment,
    BreakGlass,
    Case,
    CaseDocument,
    CaseLink,
    Decision,
    DisposedCount,
    Extension,
    Intervention,
    InterventionReason,
    Note,
    ProcessEvent,
    RefusalReason,
    Section,
    Step,
    Wall,
)

# Interventions by which a child is placed outside the home: then the case is kept for ever.
PLACEMENTS = ("protected_housing", "emergency_housing")


@dataclass(frozen=True)
class CaseFacts:
    """What decides how long a case is kept. Days are local; `person_id` is None while nobody knows who it's about."""

    id: UUID
    number: str
    person_id: UUID | None
    last_note_on: date
    closed_on: date | None
    is_about_child: bool
    child_was_placed: bool


def facts(ids: Collection[UUID] | None = None) -> Iterator[CaseFacts]:
    """The facts of every case, or of those named. For the house itself: it opens nothing that is sealed."""
    cases = Case.objects.all() if ids is None else Case.objects.filter(pk__in=ids)
    child = AgeGroup.CHILD
    for row in (
        _with_last_note(cases)
        .annotate(placed=Exists(Intervention.objects.filter(case=OuterRef("pk"), kind__in=PLACEMENTS)))
        .values_list("id", "number", "person_id", "last_note_on", "closed_on", "age_group", "placed")
        .order_by("number")
        .iterator(2000)
    ):
        yield CaseFacts(*row[:5], is_about_child=row[5] == child, child_was_placed=row[5] == child and row[6])


def of_persons(person_ids: Collection[UUID]) -> set[UUID]:
    """Which cases are about these persons: their files."""
    return set(Case.objects.filter(person__in=person_ids).values_list("id", flat=True))


def persons_with_cases(person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these persons a case is about."""
    return set(Case.objects.filter(person__in=person_ids).values_list("person_id", flat=True))


def lock(case_id: UUID) -> bool:
    """Hold the case as it is until the transaction ends; whether it's there."""
    return Case.objects.select_for_update().filter(pk=case_id).exists()


@transaction.atomic
def dispose(case_id: UUID, *, at: datetime) -> Destroyed:
    """Destroy a closed case and all that was written in it; by the house, when retention has decided. Raises `NotNow`."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.status != CaseStatus.CLOSED:
        raise NotNow("An open case is never destroyed.")
    _keep_counts(case)
    destroyed = destroy(
        InterventionReason.objects.filter(intervention__case=case),
        Intervention.objects.filter(case=case),
        Extension.objects.filter(case=case),
        RefusalReason.objects.filter(decision__case=case),
        Decision.objects.filter(case=case),
        Note.objects.filter(case=case).exclude(to=None),  # what was added, before what it was added to
        Note.objects.filter(case=case),
        Section.objects.filter(case=case),
        CaseDocument.objects.filter(case=case),
        Piece.objects.filter(file__owner=case.pk),
        File.objects.filter(owner=case.pk),
        Step.objects.filter(case=case),
        ProcessEvent.objects.filter(case=case),
        Assignment.objects.filter(case=case),
        Wall.objects.filter(case=case),
        CaseLink.objects.filter(Q(one=case) | Q(other=case)),
        BreakGlass.objects.filter(case=case),
        Case.objects.filter(pk=case.pk),
    )
    record("casework.case.disposed", subject=None, by=None, at=at)
    return destroyed


def _with_last_note(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with `last_note_on`: the latest day that something was written, done or decided in it."""
    latest = (
        (Note, TruncDate("written_at")),
        (Section, TruncDate("written_at")),
        (Section, TruncDate("signed_at")),
        (Step, TruncDate("done_at")),
        (Intervention, F("decided_on")),
        (Intervention, F("end")),
        (Decision, F("decided_on")),
        (Decision, F("told_on")),
    )
    days = [
        Subquery(
            model.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(day=Max(day)).values("day"),
            output_field=DateField(),
        )
        for model, day in latest
    ]
    return cases.annotate(last_note_on=Greatest("opened_on", "closed_on", *days))


def _keep_counts(case: Case) -> None:
    """Add what statistics counts of the case to the counts that stay."""
    granted = InterventionReason.objects.filter(intervention__case=case).values_list(
        "intervention__kind", "code", ExtractYear("intervention__decided_on")
    )
    for kind, code, year in granted:
        values = {"kind": kind, "code": code, "year": year, "age_group": case.age_group, "district": case.district}
        count, _made = DisposedCount.objects.select_for_update().get_or_create(**values, defaults={"n": 0})
        DisposedCount.objects.filter(pk=count.pk).update(n=F("n") + 1)
