"""What retention asks of intake: the plain facts of a concern that didn't become a case, and to destroy one.

A concern that was taken up belongs to the case, and goes with it. What was counted stays counted, by codes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, TruncDate

from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.destroying import Destroyed, destroy
from fridhem.pure.refusals import NotNow
from fridhem.rooms.intake import rules
from fridhem.rooms.intake.enums import Kind, Status
from fridhem.rooms.intake.models import Concern, DisposedCount, HandOver, Message, ProtectionAssessment, Wall

FINISHED = (Status.CLOSED, Status.HANDED_OVER, Status.TAKEN_UP)


@dataclass(frozen=True)
class ConcernFacts:
    """What decides how long a concern without a case is kept. `finished_on` is None while we still work with it."""

    id: UUID
    number: str
    last_note_on: date
    finished_on: date | None
    is_about_child: bool


def facts(ids: Collection[UUID] | None = None) -> Iterator[ConcernFacts]:
    """The facts of every concern without a case, or of those named. For the house itself: it opens nothing.

    Whether a child is concerned is what the assessment says, or that a child's need of protection was weighed at all.
    """
    found = Concern.objects.filter(case=None)
    if ids is not None:
        found = found.filter(pk__in=ids)
    for pk, status, kind, decided_on, weighed, on_its_way, last_note_on in (
        _with_last_note(found)
        .annotate(
            weighed=Exists(ProtectionAssessment.objects.filter(concern=OuterRef("pk"))),
            on_its_way=Exists(HandOver.objects.filter(concern=OuterRef("pk"), received_at=None, withdrawn_at=None)),
        )
        .values_list("id", "status", "kind", "decided_on", "weighed", "on_its_way", "last_note_on")
        .order_by("id")
        .iterator(2000)
    ):
        done = decided_on if status in FINISHED and not on_its_way else None
        yield ConcernFacts(pk, rules.number_of(pk), last_note_on, done, is_about_child=weighed or kind == Kind.CHILD)


def of_case(case_id: UUID) -> list[UUID]:
    """The concerns that became this case."""
    return list(Concern.objects.filter(case=case_id).values_list("id", flat=True))


def lock(concern_id: UUID) -> bool:
    """Hold the concern as it is until the transaction ends; whether it's there."""
    return Concern.objects.select_for_update().filter(pk=concern_id).exists()


@transaction.atomic
def dispose(concern_id: UUID, *, at: datetime) -> Destroyed:
    """Destroy a finished concern with its letters; by the house, when retention has decided. Raises `NotNow`."""
    concern = Concern.objects.select_for_update().get(pk=concern_id)
    if concern.status not in FINISHED:
        raise NotNow("A concern that is being assessed is never destroyed.")
    _keep_count(concern)
    destroyed = destroy(
        HandOver.objects.filter(concern=concern),
        ProtectionAssessment.objects.filter(concern=concern),
        Message.objects.filter(concern=concern),
        Wall.objects.filter(concern=concern),
        Concern.objects.filter(pk=concern.pk),
    )
    record("intake.concern.disposed", subject=None, by=None, at=at)
    return destroyed


def _with_last_note(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Each concern with `last_note_on`: the latest day that something came in, was answered or was done."""
    latest = (
        (Message, F("sent_on")),
        (ProtectionAssessment, TruncDate("made_at")),
        (HandOver, TruncDate("handed_at")),
        (HandOver, TruncDate("received_at")),
    )
    days = [
        Subquery(
            model.objects.filter(concern=OuterRef("pk")).order_by().values("concern").annotate(day=Max(day)).values("day"),
            output_field=DateField(),
        )
        for model, day in latest
    ]
    return concerns.annotate(last_note_on=Greatest("received_on", "decided_on", *days))


def _keep_count(concern: Concern) -> None:
    """Add the concern to the counts that stay."""
    values = {"urgency": concern.urgency, "kind": concern.kind, "status": concern.status, "year": concern.received_on.year}
    count, _made = DisposedCount.objects.select_for_update().get_or_create(**values, defaults={"n": 0})
    DisposedCount.objects.filter(pk=count.pk).update(n=F("n") + 1)
