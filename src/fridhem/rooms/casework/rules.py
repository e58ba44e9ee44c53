"""What follows from what: which answers a step needs, and what must be in place before it can be done."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework.enums import (
    Assessment,
    CaseStatus,
    ClosingReason,
    Decision,
    FollowUp,
    ProtectionNeed,
    Risk,
)

# A form's key in the process file → the questions whose answers steer the process or are counted.
QUESTIONS: dict[str, dict[str, type[TextChoices]]] = {
    "protection_assessment": {"protection": ProtectionNeed, "assessment": Assessment},
    "violence_mapping": {},
    "risk_assessment": {"risk": Risk},
    "investigation": {},
    "extension": {},
    "decision": {"decision": Decision},
    "follow_up": {"risk": Risk, "follow_up": FollowUp},
    "closing": {"closing_reason": ClosingReason},
}

# Without these easily confused signs a number can be read aloud on the telephone: 0 O 1 I L U.
NUMBER_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 5


class AnswerMissing(NotNow):
    """The step can't be done without an answer to each of its questions."""


class CaseClosed(NotNow):
    """Nothing is done in a case that is closed."""


def check_open(status: str) -> None:
    """Raise `CaseClosed` unless the case is open."""
    if status != CaseStatus.OPEN:
        raise CaseClosed(_("The case is closed. Open a new case if there is something new."))


def check_answers(form: str, answers: Mapping[str, Any]) -> None:
    """Every question of the form has one of its answers, and nothing else is answered. Raises `AnswerMissing`.

    A form that we don't know has no questions: the step can still be done, so that a case never gets stuck.
    """
    questions = QUESTIONS.get(form, {})
    wrong = [name for name, choices in questions.items() if answers.get(name) not in choices.values]
    if wrong or set(answers) - set(questions):
        raise AnswerMissing(_("Answer every question of the step before you finish it."))


def check_interventions(form: str, answers: Mapping[str, Any], *, running: int) -> None:
    """A decision to grant has something granted; a case is closed with nothing running. Raises `NotNow`."""
    if form == "decision" and answers.get("decision") == Decision.GRANTED and not running:
        raise NotNow(_("Grant at least one intervention with its reason before you finish the decision."))
    if form == "closing" and running:
        raise NotNow(_("End the interventions that are running, with their outcome, before you close the case."))


def check_reasons(reasons: Collection[str]) -> None:
    """An intervention has at least one reason code. Raises `NotNow`."""
    if not reasons:
        raise NotNow(_("Choose at least one reason code: why is the intervention granted?"))


def check_granted_days(*, decided_on: date, start: date, opened_on: date, today: date) -> None:
    """What is decided has been decided, and no day is before the case. Raises `NotNow`."""
    if decided_on > today:
        raise NotNow(_("The day of the decision hasn't come yet: write the day when it was made, today or earlier."))
    if min(decided_on, start) < opened_on:
        day = date_format(opened_on, "j b Y")
        raise NotNow(_("The day is before the case was opened: write %(day)s or a later day.") % {"day": day})


# The process of a case that was taken over, finished, from the former system.
NO_PROCESS = ""


def check_waits_for_opening(opened_at: datetime | None, *, asked_at: datetime, at: datetime, lasts: timedelta) -> None:
    """What was asked for is opened once, and soon. Raises `NotNow`."""
    if opened_at is not None:
        raise NotNow(_("The case has already been opened."))
    if at > asked_at + lasts:
        raise NotNow(_("It was asked for too long ago: ask again."))


def check_waits_for_review(opened_at: datetime | None, reviewed_at: datetime | None) -> None:
    """What was opened is reviewed once. Raises `NotNow`."""
    if opened_at is None:
        raise NotNow(_("The case was never opened."))
    if reviewed_at is not None:
        raise NotNow(_("Someone else has already reviewed it."))
