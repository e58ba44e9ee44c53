"""Cases: opened for real, so that their process is where the steps say."""

import datetime as dt

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.rooms.casework import actions, queries
from fridhem.rooms.casework.models import Case, Step
from tests.factories import accounts

MONDAY = dt.datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_default_timezone())

# What each step answers when a test only wants to come further.
ANSWERS = {
    "assess_protection": {"protection": "planned", "assessment": "investigate"},
    "assess_risk": {"risk": "moderate"},
    "decide": {"decision": "granted"},
    "follow_up": {"risk": "low", "follow_up": "continue"},
    "close": {"closing_reason": "finished"},
    "close_without": {"closing_reason": "no_investigation"},
}


def unit() -> Unit:
    return accounts.unit("Vuxen våld")


def leader(**given) -> User:
    return accounts.user(Role.TEAM_LEADER, **{"unit": unit(), **given})


def case(*, by: User | None = None, at: dt.datetime = MONDAY, **given) -> Case:
    """An open case at its first step; `by` (a caseworker of the unit without) is its team."""
    by = by or accounts.user(Role.CASEWORKER, unit=unit())
    return actions.open_case(by=by, at=at, **{"district": "centrum", "unit": unit(), **given})


def open_step(case: Case, node: str) -> Step:
    return queries.steps(case).get(node=node, status="open")


def do(case: Case, node: str, *, by: User, at: dt.datetime = MONDAY, text: str = "", **answers: str) -> Case:
    """Do the step `node` of the case, with answers that lead onwards where none are given."""
    return actions.complete_step(open_step(case, node), by=by, at=at, answers={**ANSWERS.get(node, {}), **answers}, text=text)


def case_at(node: str, *, by: User, at: dt.datetime = MONDAY, **given) -> Case:
    """A case that has come to the step `node`, by one who may do everything: the unit's team leader."""
    found = case(by=by, at=at, **given)
    for passed in ("assess_protection", "map_violence", "assess_risk", "propose", "decide", "follow_up"):
        if queries.steps(found).filter(node=node, status="open").exists():
            return found
        if passed == "decide" and node in {"follow_up", "close"}:
            actions.grant_intervention(found, by=by, at=at, kind="support_talks", reasons=["physical_violence"])
        onwards = {"follow_up": "finish"} if passed == "follow_up" else {}
        found = do(found, passed, by=by, at=at, **onwards)
    return found
