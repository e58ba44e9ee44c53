"""What can be done: draw a sample, review its cases, say what is to be done about it, sign off."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection, transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.samples import drawing
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.reviews import catalogue, counting, permissions, queries, rules
from fridhem.rooms.reviews.catalogue import Routine
from fridhem.rooms.reviews.enums import Standing, Status, Untold, Why
from fridhem.rooms.reviews.models import DrawnCase, Measure, Review

SIGNING = 0x5E1F  # reviews are signed off by one at a time: the number of PostgreSQL's advisory lock
Case = Any  # casework's own model, which other rooms name by its door


@transaction.atomic
def draw(
    routine: Routine,
    *,
    first_day: date,
    last_day: date,
    size: int,
    size_by: str,
    seed: int,
    by: User,
    at: datetime,
    submission: UUID | None = None,
) -> Review:
    """Draw a sample of the cases that `by` may see, opened between two days: each unit gets some.

    `size` cases, or per cent of them (`size_by`). `submission` was made when the form began: however often the same one is sent,
    there is one sample. Raises `Denied`, `NotNow` when there are none.
    """
    permissions.check_may_draw(by)
    strata = _strata(routine, by, first_day, last_day, at)
    population = sum(len(cases) for cases in strata.values())
    rules.check_there_are_cases(population)
    drawn = drawing.draw(strata, rules.wanted(size, size_by, of=population), seed=seed)
    asked_for = {"process": routine.process, "first_day": first_day, "last_day": last_day}
    review, is_new = Review.objects.get_or_create(
        id=_id(by.pk, submission, *asked_for.values(), size, size_by),
        defaults={
            **asked_for,
            "routine_from": routine.valid_from,
            "unit_id": by.unit_id,
            "strata": [[unit, len(strata[unit]), len(cases)] for unit, cases in drawn.items()],
            "seed": seed,
            "drawn_by": by,
            "drawn_at": at,
        },
    )
    if not is_new:
        return review
    cases = [case for unit in drawn.values() for case in unit]
    DrawnCase.objects.bulk_create(DrawnCase(review=review, case=case, number=n) for n, case in enumerate(cases, 1))
    record("reviews.review.drawn", subject=review, by=by, at=at, reason=f"{review.size} {review.population}")
    return review


def _id(within: UUID, submission: UUID | None, *said: object) -> UUID:
    """The id of what a form makes: the same for the same form that says the same, a new one without a form."""
    return uuid5(within, f"{submission} {' '.join(map(str, said))}") if submission else uuid4()


def _strata(routine: Routine, user: User, first_day: date, last_day: date, at: datetime) -> dict[str, list[Case]]:
    """The cases to draw from by unit, in the order of their numbers: the same every time."""
    found = queries.population(user, process=routine.process, first_day=first_day, last_day=last_day, at=at)
    strata: dict[str, list[Case]] = {}
    for case in found.select_related("unit").defer("state").order_by("number"):
        strata.setdefault(case.unit.name, []).append(case)
    return strata


# ── A case of the sample ──────────────────────────────────────────────────


@transaction.atomic
def read(one: DrawnCase, *, by: User, at: datetime) -> DrawnCase:
    """Say in the record that what a review knows of a case was read, and so the case. Raises `Denied`."""
    permissions.check_may_review(one.review, by)
    casework.read_case(one.case, by=by, at=at)
    return one


@transaction.atomic
def save(
    one: DrawnCase,
    *,
    by: User,
    at: datetime,
    revision: int,
    answers: Mapping[str, str],
    comments: Mapping[str, str],
    finish: bool = False,
) -> DrawnCase:
    """Keep what was answered so far, or the whole (`finish`). `revision` is the one that was read.

    Raises `Denied`, `NotNow` when the case has been saved since (for the whole: by another), or when an answer is missing of the
    whole.
    """
    one = _locked(one, by=by)
    routine = catalogue.routine(one.review.process, valid_from=one.review.routine_from)
    rules.check_is_as_read(one.revision, revision, by_another=one.saved_by_id != by.pk, whole=finish)
    rules.check_answered(answers, routine.names, whole=finish)
    one.answers, one.comments, one.why, one.words = dict(answers), dict(comments) or None, "", None
    return _saved(one, Standing.DONE if finish else Standing.DRAFT, by=by, at=at)


@transaction.atomic
def leave_out(one: DrawnCase, *, by: User, at: datetime, revision: int, why: str, words: str = "") -> DrawnCase:
    """Leave a drawn case out, with a reason; what was answered is forgotten. Raises `Denied`, `NotNow` as `save`."""
    one = _locked(one, by=by)
    rules.check_is_as_read(one.revision, revision, by_another=one.saved_by_id != by.pk, whole=True)
    one.answers, one.comments, one.why, one.words = {}, None, Why(why).value, words or None
    return _saved(one, Standing.LEFT_OUT, by=by, at=at)


def _locked(one: DrawnCase, *, by: User) -> DrawnCase:
    """The case as it is now, with its review held under way. Raises `Denied`, `NotNow`."""
    permissions.check_may_review(one.review, by)
    review = _held(one.review)
    return queries.drawn(review, by).select_for_update(of=("self",)).get(pk=one.pk)


def _held(review: Review) -> Review:
    """The review as it is, locked while it's under way: nobody can lock one that is signed off. Raises `NotNow`."""
    found = Review.objects.select_for_update().filter(pk=review.pk).first()
    rules.check_under_way(found.status if found else Status.SIGNED)
    assert found is not None
    return found


def _saved(one: DrawnCase, status: str, *, by: User, at: datetime) -> DrawnCase:
    is_new = one.status != status
    one.status, one.revision, one.saved_by, one.saved_at = status, one.revision + 1, by, at
    one.save()
    if is_new:  # a draft is saved many times
        record(f"reviews.case.{status}", subject=one, by=by, at=at, reason=one.why)
    return one


# ── What came of it ───────────────────────────────────────────────────────


@transaction.atomic
def decide_measure(
    review: Review, *, by: User, at: datetime, what: str, owner: User, due_date: date, submission: UUID | None = None
) -> Measure:
    """Say what is to be done, by whom and by when; also after it's signed off. `submission` as in `draw`. Raises `Denied`."""
    permissions.check_may_review(review, by)
    measure, is_new = Measure.objects.get_or_create(
        id=_id(review.pk, submission, by.pk, owner.pk, due_date, what),
        defaults={"review": review, "what": what, "owner": owner, "due_date": due_date, "said_by": by, "said_at": at},
    )
    if is_new:
        record("reviews.measure.decided", subject=measure, by=by, at=at)
    return measure


@transaction.atomic
def finish_measure(measure: Measure, *, by: User, at: datetime) -> Measure:
    """Say that a measure is done; harmless to say again. Raises `Denied`."""
    permissions.check_may_review(measure.review, by)
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    if measure.done_on is None:
        measure.done_by, measure.done_on = by, timezone.localdate(at)
        measure.save(update_fields=["done_by", "done_on"])
        record("reviews.measure.done", subject=measure, by=by, at=at)
    return measure


@transaction.atomic
def sign_off(review: Review, *, by: User, at: datetime, findings: str) -> Review:
    """Freeze a review whose every case is reviewed or left out, with its protected figures.

    Raises `Denied`, `NotNow`, also when a drawn case is shut to `by`: nobody signs what they don't see.
    """
    permissions.check_may_review(review, by)
    review = _held(review)
    cases = list(queries.drawn(review, by))
    rules.check_all_reviewed([one.status for one in cases], kept=queries.kept(review))
    done = sum(one.status == Standing.DONE for one in cases)
    routine = catalogue.routine(review.process, valid_from=review.routine_from)
    _one_at_a_time()
    told_before = queries.is_told_before(review)
    table = None if told_before else counting.protected(routine, queries.counts(cases), cases=done)
    review.status, review.signed_by, review.signed_at, review.findings = Status.SIGNED, by, at, findings
    review.table = table.to_json() if table else ""
    review.untold = "" if table else Untold.EARLIER if told_before else Untold.FEW
    review.save(update_fields=["status", "signed_by", "signed_at", "findings", "table", "untold"])
    record("reviews.review.signed_off", subject=review, by=by, at=at)
    return review


def _one_at_a_time() -> None:
    """Until the transaction ends nobody else signs off: two reports at once would not know of each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGNING])


@transaction.atomic
def take_out(review: Review, *, by: User, at: datetime) -> Review:
    """Say in the record that the report was taken out as a file. Raises `Denied`, `NotNow`."""
    permissions.check_may_read_report(review, by)
    rules.check_is_signed(review.status)
    record("reviews.report.taken_out", subject=review, by=by, at=at)
    return review
