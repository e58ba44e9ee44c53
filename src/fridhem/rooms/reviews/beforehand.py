"""What the system knows of a case before anyone has read it: an answer with its reason, for the reviewer to confirm or change.

What is open and has time left gives no answer: nobody knows yet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.enums import StepStatus
from fridhem.rooms.reviews.catalogue import Asked
from fridhem.rooms.reviews.enums import Verdict


@dataclass(frozen=True)
class Known:
    """What is known of a case that bears on its routine."""

    steps: Sequence[Any]
    decisions: Sequence[Any]
    interventions: Sequence[Any]
    until: date  # today, or the day it was closed


@dataclass(frozen=True)
class Proposal:
    """An answer (one of `Verdict`) and what it rests on."""

    answer: str
    reason: str


def known(case: Any, *, today: date) -> Known:
    """As many queries whatever the case holds."""
    until = case.closed_on or today
    return Known(list(casework.steps(case)), list(casework.decisions(case)), list(casework.interventions(case)), until)


def proposed(asked: Asked, found: Known) -> Proposal | None:
    """What the system would answer; None when it doesn't know."""
    steps = [step for step in found.steps if not asked.forms or step.form in asked.forms]
    return FACTS[asked.fact](steps, found) if asked.fact else None


def _in_time(steps: Sequence[Any], found: Known) -> Proposal | None:
    limited = [step for step in steps if step.missed_date or step.due_date]
    if late := [step for step in limited if _is_late(step, found.until)]:
        return Proposal(Verdict.NO, _("Not done in time: %(steps)s.") % {"steps": _named(late)})
    if not limited:
        return _inapplicable(_("No such step with a time limit."))
    done = [step for step in limited if step.status == StepStatus.DONE]
    if not done or any(step.status == StepStatus.OPEN for step in limited):
        return None  # what lapsed with time left may have been needless
    return Proposal(Verdict.YES, _("Done by the last day: %(steps)s.") % {"steps": _named(done)})


def _is_late(step: Any, until: date) -> bool:
    """Also when it was never done: what was left out with its last day behind it was missed."""
    ended = timezone.localdate(step.done_at) if step.done_at else until
    return bool(step.missed_date) or ended > step.due_date


def _done(steps: Sequence[Any], found: Known) -> Proposal | None:
    if done := [step for step in steps if step.status == StepStatus.DONE]:
        return Proposal(Verdict.YES, _("Done: %(steps)s.") % {"steps": _named(done)})
    if not steps:
        return _inapplicable(_("The case hasn't come to that step."))
    return None if any(step.status == StepStatus.OPEN for step in steps) else _left_out(steps)


def _none_left_out(steps: Sequence[Any], found: Known) -> Proposal | None:
    if lapsed := [step for step in steps if step.status == StepStatus.LAPSED]:
        return _left_out(lapsed)
    if any(step.status == StepStatus.OPEN for step in steps):
        return None
    return Proposal(Verdict.YES, _("%(number)s steps are done and none left out.") % {"number": len(steps)})


def _left_out(steps: Sequence[Any]) -> Proposal:
    names = ", ".join(dict.fromkeys(step.name for step in steps))
    return Proposal(Verdict.NO, _("Begun and left out: %(steps)s.") % {"steps": names})


def _decisions_told(steps: Sequence[Any], found: Known) -> Proposal | None:
    if not found.decisions:
        return _inapplicable(_("There are no decisions in the case."))
    untold = sum(not decision.told_on for decision in found.decisions)
    said = {"number": len(found.decisions), "untold": untold}
    if untold:
        reason = _("%(number)s decisions with a legal ground. Of %(untold)s it isn't said when the person was told.")
        return Proposal(Verdict.NO, reason % said)
    return Proposal(Verdict.YES, _("%(number)s decisions, each with a legal ground and the day when the person was told.") % said)


def _follow_up_planned(steps: Sequence[Any], found: Known) -> Proposal | None:
    running = [one for one in found.interventions if one.end is None]
    if not running:
        return _inapplicable(_("No intervention is running."))
    without = sum(not one.follow_up_on for one in running)
    said = {"number": len(running), "without": without}
    if without:
        return Proposal(Verdict.NO, _("%(without)s of %(number)s running interventions have no day to be followed up.") % said)
    return Proposal(Verdict.YES, _("%(number)s running interventions, each with a day to be followed up.") % said)


def _inapplicable(reason: str) -> Proposal:
    return Proposal(Verdict.NOT_APPLICABLE, reason)


def _named(steps: Sequence[Any]) -> str:
    return "; ".join(_one(step) for step in steps)


def _one(step: Any) -> str:
    due = step.missed_date or step.due_date
    said = [_("done %(day)s") % {"day": _day(timezone.localdate(step.done_at))}] if step.done_at else [_("not done")]
    said += [_("last day %(day)s") % {"day": _day(due)}] if due else []
    return f"{step.name} ({', '.join(said)})"


def _day(day: date) -> str:
    return date_format(day, "j F Y")


# The facts that a routine can name.
FACTS: Mapping[str, Callable[[Sequence[Any], Known], Proposal | None]] = {
    "in_time": _in_time,
    "done": _done,
    "none_left_out": _none_left_out,
    "decisions_told": _decisions_told,
    "follow_up_planned": _follow_up_planned,
}
