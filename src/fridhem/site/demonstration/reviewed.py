"""Internal control at the adults' unit: one review signed off, one to be signed off, one under way."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.rooms.reviews import actions, beforehand, catalogue, queries
from fridhem.rooms.reviews.enums import Verdict, Why
from fridhem.rooms.reviews.models import DrawnCase, Review

# Of the cases opened so many days ago: the first, the last, and when the sample was drawn.
SIGNED, TO_SIGN, UNDER_WAY = (104, 60, 50), (59, 35, 20), (34, 4, 3)
FINDINGS = (
    "Skyddet bedöms samma dag och går att läsa i akten. Riskbedömningen kommer ofta sent, och det syns inte alltid "
    "om det finns barn. Uppföljningen är planerad i de ärenden där en insats pågår."
)
MEASURES = ("Ta upp frågan om barn på varje ärendedragning.", "Gå igenom rutinen för riskbedömning på enhetens planeringsdag.")
COMMENTS = {"children_seen": "Det framgår inte om någon har frågat."}


def review_cases(people: Mapping[str, User], *, now: datetime, chance: random.Random) -> int:
    """Draw three samples and hold their cases against the routine. How many cases were drawn."""
    by = people["kerstin"]
    signed, to_sign, under_way = (_drawn(days, by, now, chance) for days in (SIGNED, TO_SIGN, UNDER_WAY))
    for review in (signed, to_sign):
        for one in queries.drawn(review, by):
            _answer(one, by, review.drawn_at + timedelta(days=2), chance)
    at = now - timedelta(days=40)
    actions.sign_off(signed, by=by, at=at, findings=FINDINGS)
    measures = [
        actions.decide_measure(signed, by=by, at=at, what=what, owner=people["viola"], due_date=timezone.localdate(now) + later)
        for what, later in zip(MEASURES, (timedelta(days=-7), timedelta(days=30)), strict=True)
    ]
    actions.finish_measure(measures[0], by=by, at=now - timedelta(days=9))
    _begin(list(queries.drawn(under_way, by)), by, now - timedelta(days=1), chance)
    return sum(review.size for review in (signed, to_sign, under_way))


def _drawn(days: tuple[int, int, int], by: User, now: datetime, chance: random.Random) -> Review:
    at = now - timedelta(days=days[2])
    first_day, last_day = (timezone.localdate(now) - timedelta(days=ago) for ago in days[:2])
    routine = next(each for each in catalogue.in_force(on=timezone.localdate(at)) if each.process == "vinr_adult")
    seed = chance.randrange(2**31)
    return actions.draw(routine, by=by, at=at, first_day=first_day, last_day=last_day, size=8, size_by="cases", seed=seed)


def _answer(one: DrawnCase, by: User, at: datetime, chance: random.Random, *, few: int | None = None) -> None:
    """Answer as the system proposes, otherwise mostly with yes; only the first `few` questions for a draft."""
    routine = catalogue.routine(one.review.process, valid_from=one.review.routine_from)
    known = beforehand.known(one.case, today=timezone.localdate(at))
    answers = {}
    for asked in routine.asked[:few]:
        proposal = beforehand.proposed(asked, known)
        answers[asked.name] = (
            proposal.answer if proposal else chance.choice((Verdict.YES, Verdict.YES, Verdict.YES, Verdict.NO)).value
        )
    comments = {name: words for name, words in COMMENTS.items() if answers.get(name) == Verdict.NO}
    actions.save(one, by=by, at=at, revision=0, answers=answers, comments=comments, finish=few is None)


def _begin(cases: list[DrawnCase], by: User, at: datetime, chance: random.Random) -> None:
    """Two cases are reviewed, one is left out, one is begun and the rest wait."""
    done, left_out, begun = cases[1:3], cases[3:4], cases[4:5]
    for one in done:
        _answer(one, by, at, chance)
    for one in left_out:
        actions.leave_out(one, by=by, at=at, revision=0, why=Why.TOO_EARLY)
    for one in begun:
        _answer(one, by, at, chance, few=3)
