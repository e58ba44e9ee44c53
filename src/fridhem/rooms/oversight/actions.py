"""What can be done: draw a week's sample, answer, decide, acknowledge an alert, read the record, make a person's extract."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.enums import AlertOutcome
from fridhem.foundation.audit.models import Acknowledgement, Alert, Entry
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.oversight import permissions, queries, rules
from fridhem.rooms.oversight.enums import Answer, Outcome
from fridhem.rooms.oversight.models import Question, Review

WEEK = timedelta(days=7)
SEED_BITS = 62


@transaction.atomic
def draw_review(*, monday: date, at: datetime, seed: int | None = None) -> Review:
    """The sample of the week that begins on `monday`, drawn once: a week that has been drawn is given back as it is.

    By the house itself. `seed` is drawn when it isn't given.
    """
    found = Review.objects.filter(since=monday).first()
    if found:
        return found
    readings = queries.readings(monday, monday + WEEK)
    review = Review.objects.create(
        since=monday,
        until=monday + WEEK,
        seed=secrets.randbits(SEED_BITS) if seed is None else seed,
        drawn_at=at,
        readings=len(readings),
    )
    drawn = rules.draw(readings, rules.sampling(timezone.localdate(at)), seed=review.seed)
    Question.objects.bulk_create(
        Question(review=review, entry=one.entry, read_at=one.at, colleague_id=one.actor, flags=[flag.value for flag in flags])
        for one, flags in drawn
    )
    record("oversight.review.drawn", subject=review, by=None, at=at, reason=f"{len(drawn)} of {len(readings)}")
    return review


@transaction.atomic
def answer(question: Question, *, by: User, at: datetime, answer: str) -> Question:
    """Say why it was opened. Raises `Denied` for another's question, `NotNow` the second time, ValueError."""
    permissions.check_may_answer(question, by)
    question = _locked(question)
    rules.check_unanswered(question.answer)
    rules.check_undecided(question.outcome)
    question.answer, question.answered_at = Answer(answer).value, at
    question.save(update_fields=["answer", "answered_at"])
    record("oversight.question.answered", subject=question, by=by, at=at, reason=question.answer)
    return question


@transaction.atomic
def decide(question: Question, *, by: User, at: datetime, outcome: str) -> Question:
    """Decide what came of it, answered or not. Raises `Denied` for one's own line, `NotNow` the second time, ValueError."""
    permissions.check_may_decide(question, by)
    question = _locked(question)
    rules.check_undecided(question.outcome)
    question.outcome, question.decided_by, question.decided_at = Outcome(outcome).value, by, at
    question.save(update_fields=["outcome", "decided_by", "decided_at"])
    record("oversight.question.decided", subject=question, by=by, at=at, reason=question.outcome)
    return question


@transaction.atomic
def acknowledge(alert: Alert, *, by: User, at: datetime, outcome: str) -> Acknowledgement:
    """Say what an alert was. Raises `Denied` when it isn't for the user, `NotNow` when someone was first, ValueError."""
    if not _hears(alert, by):
        raise Denied(_("This alert is for others to look into."))
    try:
        with transaction.atomic():
            done = Acknowledgement.objects.create(alert=alert, by=by.pk, at=at, outcome=AlertOutcome(outcome).value)
    except IntegrityError:
        raise NotNow(_("Someone has looked into this already.")) from None
    record("oversight.alert.acknowledged", subject=alert, by=by, at=at, reason=done.outcome)
    return done


@transaction.atomic
def export_review(review: Review, *, by: User, at: datetime) -> list[Question]:
    """The questions of a review that the user may review, to save outside Fridhem. Raises `Denied`."""
    permissions.check_reviews(by)
    record("oversight.review.exported", subject=review, by=by, at=at)
    return list(queries.listed(by, review))


@transaction.atomic
def read_record(
    *,
    by: User,
    at: datetime,
    colleague: User | None = None,
    number: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """Lines of the record, newest first; that someone looked, and at whom, is recorded. Raises `Denied`, `NotNow`."""
    permissions.check_guards_the_record(by)
    case = _case(number) if number else None
    record("oversight.record.read", subject=colleague, by=by, at=at, about=case)
    return queries.entries(colleague=colleague.pk if colleague else None, case=case, since=since, until=until)


@transaction.atomic
def make_extract(*, by: User, at: datetime, case_number: str) -> list[queries.Line]:
    """Who has read and done what in a case, oldest first, for the person it's about. Raises `Denied`, `NotNow`."""
    permissions.check_guards_the_record(by)
    case = _case(case_number)
    record("oversight.extract.made", subject=None, by=by, at=at, about=case)
    return queries.lines(queries.entries(case=case).order_by("at", "id"))


def _locked(question: Question) -> Question:
    return Question.objects.select_for_update(of=["self"]).select_related("colleague").get(pk=question.pk)


def _hears(alert: Alert, by: User) -> bool:
    return any(queries.alerts_shown(by, answered=answered).filter(pk=alert.pk).exists() for answered in (False, True))


def _case(number: str) -> UUID:
    found = queries.case_id(number)
    if found is None:
        raise NotNow(_("There is no case with that number."))
    return found
