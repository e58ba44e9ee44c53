"""That nobody reads what they needn't: last week's readings, the sample of them, some questions answered, some alerts."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind, AlertOutcome
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.oversight import actions as oversight
from fridhem.rooms.oversight.enums import Answer, Outcome
from fridhem.rooms.oversight.models import Question

READINGS = 40


def review_last_week(people: Mapping[str, User], *, now: datetime, chance: random.Random) -> int:
    """Let colleagues read their cases last week, draw the sample, and let some questions be answered. How many were asked."""
    monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday() + 7)
    begins = timezone.localtime(now).replace(hour=0, minute=0) - timedelta(days=(timezone.localdate(now) - monday).days)
    for username in ("viola", "vera"):
        mine = list(cases.visible_to(people[username])[:READINGS])
        for _ in range(READINGS // 2):
            hour = chance.choice((9, 10, 13, 14, 15, 23))
            at = begins + timedelta(days=chance.randrange(5), hours=hour, minutes=chance.randrange(60))
            casework.read_case(chance.choice(mine), by=people[username], at=at)
    review = oversight.draw_review(monday=monday, at=now, seed=chance.randrange(2**31))
    _answer(list(review.questions.select_related("colleague")), by=people["kerstin"], now=now)
    return review.questions.count()


def _answer(questions: list[Question], *, by: User, now: datetime) -> None:
    answered = [one for one in questions if one.colleague != by][:7]
    for place, one in enumerate(answered):
        oversight.answer(one, by=one.colleague, at=now, answer=(Answer.MY_CASE, Answer.STOOD_IN, Answer.MISTAKE)[place % 3])
    for one in answered[:3]:
        oversight.decide(one, by=by, at=now, outcome=Outcome.FINE)


def raise_alerts(people: Mapping[str, User], *, now: datetime) -> int:
    """What someone must look into, and what someone has. How many there were."""
    guards = (Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)
    late = alert(AlertKind.ANCHOR_LATE, subject=None, about_user=None, at=now - timedelta(days=2), roles=guards)
    alert(AlertKind.SIGN_IN, subject=None, about_user=people["bo"], at=now - timedelta(hours=5), roles=guards)
    alert(
        AlertKind.TOO_MANY_OPENED,
        subject=cases.visible_to(people["vera"]).first(),
        about_user=people["vera"],
        at=now - timedelta(hours=2),
        roles=(Role.PRIVACY_OFFICER, Role.TEAM_LEADER),
        unit=people["vera"].unit_id,
    )
    oversight.acknowledge(late, by=people["disa"], at=now - timedelta(days=1), outcome=AlertOutcome.TECHNICAL)
    return 3
