from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from fridhem.foundation.accounts.enums import Role

# The lanes of a core process, by the names that the municipality writes in its diagrams.
LANES: dict[str, str] = {
    "Mottaget": Role.RECEPTION,
    "Handläggare": Role.CASEWORKER,
    "Gruppledare": Role.TEAM_LEADER,
}


class CaseStatus(models.TextChoices):
    OPEN = "open", pgettext("case", "Open")
    CLOSED = "closed", pgettext("case", "Closed")


class AgeGroup(models.TextChoices):
    CHILD = "child", _("Child")
    ADULT = "adult", _("Adult")


class StepStatus(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    LAPSED = "lapsed", _("No longer needed")


class NoteKind(models.TextChoices):
    CONCERN = "concern", _("What came in")
    CONVERSATION = "conversation", _("Conversation")
    EVENT = "event", _("Event")
    ASSESSMENT = "assessment", _("Assessment")
    DECISION = "decision", _("Decision")
    OTHER = "other", _("Other")


class Outcome(models.TextChoices):
    """How an intervention ended, in the words of the national indicator: goal wholly, partly, not met."""

    MET = "met", _("The goal was met")
    PARTLY_MET = "partly_met", _("The goal was partly met")
    NOT_MET = "not_met", _("The goal was not met")
    BROKEN_OFF = "broken_off", _("Broken off by the person")
    REPLACED = "replaced", _("Replaced by another intervention")


class ClosingReason(models.TextChoices):
    FINISHED = "finished", _("The support is finished")
    REFUSED = "refused", _("The application was refused")
    NO_INVESTIGATION = "no_investigation", _("No investigation was opened")
    DECLINED = "declined", _("The person doesn't want support")
    MOVED = "moved", _("The person has moved")
    OTHER = "other", _("Other reason")


# ── Answers that steer a process ──────────────────────────────────────────


class Assessment(models.TextChoices):
    INVESTIGATE = "investigate", _("Open an investigation")
    DECLINE = "decline", _("Don't open an investigation")


class ProtectionNeed(models.TextChoices):
    AT_ONCE = "at_once", _("Yes, at once")
    PLANNED = "planned", _("Yes, but it can be planned")
    NONE = "none", _("Not now")


class Risk(models.TextChoices):
    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")


class Decision(models.TextChoices):
    GRANTED = "granted", _("Intervention granted")
    REFUSED = "refused", _("Refused")
    SUPPLEMENT = "supplement", _("Back for more investigation")


class FollowUp(models.TextChoices):
    CONTINUE = "continue", _("Continue as decided")
    NEW_DECISION = "new_decision", _("A new decision is needed")
    FINISH = "finish", _("Finish and close the case")
