"""Weeks of the record and what is asked about them."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.oversight import actions
from fridhem.rooms.oversight.models import Question, Review

MONDAY = date(2026, 11, 9)
NOON = timezone.make_aware(datetime(2026, 11, 10, 12))
AFTER = timezone.make_aware(datetime(2026, 11, 16, 6))


def reading(by: User, *, at: datetime = NOON, subject=None, verb: str = "casework.case.read"):
    return record(verb, subject=subject, by=by, at=at)


def review(*, seed: int = 1) -> Review:
    with as_the_house("oversight.draw_last_week"):
        return actions.draw_review(monday=MONDAY, at=AFTER, seed=seed)


def question(to: User) -> Question:
    """A question about the one reading of the week."""
    reading(to)
    return review().questions.get(colleague=to)


def tomorrow() -> datetime:
    return AFTER + timedelta(days=1)
