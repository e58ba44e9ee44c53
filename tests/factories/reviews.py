"""Reviews of cases that were opened for real."""

import datetime as dt

from fridhem.foundation.accounts.models import User
from fridhem.rooms.reviews import actions, catalogue, queries
from fridhem.rooms.reviews.models import DrawnCase, Review
from tests.factories import casework

AT = casework.MONDAY + dt.timedelta(days=14)
ROUTINE = catalogue.routine("vinr_adult", valid_from=dt.date(2026, 1, 1))
DAYS = {"first_day": dt.date(2026, 1, 1), "last_day": dt.date(2026, 12, 31)}


def drawn(*, by: User, cases: int = 6, size: int = 6, at: dt.datetime = AT, **given) -> Review:
    """A sample of so many new cases of the unit of `by`, its leader."""
    for _ in range(cases):
        casework.case(unit=by.unit)
    return actions.draw(ROUTINE, by=by, at=at, **{**DAYS, "size": size, "size_by": "cases", "seed": 1, **given})


def cases(review: Review, by: User) -> list[DrawnCase]:
    return list(queries.drawn(review, by))


def answers(answer: str = "yes", **other: str) -> dict[str, str]:
    """The same answer to every question but the `other` ones."""
    return {name: answer for name in ROUTINE.names} | other


def reviewed(review: Review, *, by: User, no: int = 0) -> Review:
    """Every case answered with yes, but the first `no` with no."""
    for number, one in enumerate(cases(review, by)):
        given = answers("no" if number < no else "yes")
        actions.save(one, by=by, at=AT, revision=0, answers=given, comments={}, finish=True)
    return review


def signed(*, by: User, cases: int = 6, no: int = 0, size: int = 0, **given) -> Review:
    """A review whose report can be read."""
    review = reviewed(drawn(by=by, cases=cases, size=size or cases, **given), by=by, no=no)
    return actions.sign_off(review, by=by, at=AT, findings="Skyddet bedöms i tid.")
