"""What can be known: reviews, their cases and what was found. A drawn case is seen by who sees the case."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.pure.disclosure.safe_table import SafeTable, restore
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.queries import emergencies
from fridhem.rooms.reviews import permissions, rules
from fridhem.rooms.reviews.enums import Standing, Status
from fridhem.rooms.reviews.models import DrawnCase, Measure, Review

Counts = Mapping[str, Counter[str]]  # question → answer → how many cases


def visible_to(user: User) -> QuerySet[Review]:
    """The reviews of the user's unit; those that are signed off, for those who answer for processes and figures."""
    found = Review.objects.select_related("unit", "drawn_by", "signed_by").defer("table", "findings")
    if permissions.reviews_cases(user):
        return found.filter(unit=user.unit_id)
    return found.filter(status=Status.SIGNED) if permissions.reads_reports(user) else found.none()


def to_review(user: User) -> QuerySet[Review]:
    """The reviews that the user makes."""
    return visible_to(user) if permissions.reviews_cases(user) else Review.objects.none()


def listed(user: User) -> QuerySet[Review]:
    """Newest first; to the one who makes them with `ended`, how many cases are reviewed or left out."""
    return visible_to(user).annotate(ended=Count("drawn", filter=Q(drawn__status__in=rules.ENDED))).order_by("-drawn_at", "id")


def population(user: User, *, process: str, first_day: date, last_day: date, at: datetime) -> QuerySet[Any]:
    """The cases that a sample is drawn from: those the user may see, but not those of another unit open in an emergency only."""
    found = casework.visible_to(user).filter(process_key=process, opened_on__range=(first_day, last_day))
    emergency = emergencies.visible_to(user).filter(user=user, until__gt=at).values("case")
    return found.exclude(~Q(unit=user.unit_id), pk__in=emergency)


def drawn(review: Review, user: User) -> QuerySet[DrawnCase]:
    """The cases of a review that the user may see, in order, each with its case and who saved it last."""
    found = DrawnCase.objects.filter(review=review, case__in=casework.visible_to(user), review__in=to_review(user))
    return found.select_related("review", "case__unit", "saved_by").defer("case__state", "review__table").order_by("number")


def tells_all(review: Review, user: User) -> bool:
    """Whether the signed figures may be told to the user: one of the unit who sees some of the cases could subtract the rest."""
    return not permissions.may_review(user, review) or drawn(review, user).count() == review.size


def counts(cases: Iterable[DrawnCase]) -> Counts:
    """How each question was answered in the reviewed cases: the true figures, for those who may read the cases."""
    found: dict[str, Counter[str]] = {}
    for one in cases:
        if one.status == Standing.DONE:
            for name, answer in one.answers.items():
                found.setdefault(name, Counter())[answer] += 1
    return found


def measures(review: Review, user: User) -> QuerySet[Measure]:
    """What is to be done about what was found, what is due first first."""
    return Measure.objects.filter(review=review, review__in=to_review(user)).select_related("review", "owner", "done_by")


def is_told_before(review: Review) -> bool:
    """Whether an earlier report has figures of the unit's cases from some of the same time, or of one of these cases."""
    return bool(_asked("SELECT reviews_told_before(%s)", review))


def kept(review: Review) -> int:
    """How many of the drawn cases haven't been disposed of, those that are shut to whoever asks too."""
    return int(_asked("SELECT reviews_kept(%s)", review))


def _asked(question: str, review: Review) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, [review.pk])
        return cursor.fetchone()[0]


def table_of(review: Review) -> SafeTable | None:
    """The figures of a review that is signed off; None when too few cases were reviewed. Raises NotSafe, ValueError."""
    return _restored(review.pk)


@lru_cache(maxsize=32)
def _restored(pk: UUID) -> SafeTable | None:
    """What is signed off is never changed, so it's read once."""
    text = Review.objects.values_list("table", flat=True).get(pk=pk)
    return restore(text) if text else None
