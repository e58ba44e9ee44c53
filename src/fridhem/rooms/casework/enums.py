from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


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


class Pressing(models.TextChoices):
    """Which time limits: those late and soon, what the law or routine of each calls soon, unless something else is chosen."""

    PRESSING = "", _("Late and soon")
    LATE = "late", _("Late")
    SOON = "soon", _("Soon")
    STILL = "still", _("Standing still")
    ALL = "all", _("All")


class When(models.TextChoices):
    """When a step is due, seen from today."""

    LATE = "late", _("Late")
    TODAY = "today", _("Today")
    SOON = "soon", _("Within a week")
    LATER = "later", _("Later")
    NONE = "none", _("Without a time limit")


class MoveStatus(models.TextChoices):
    """How far the moving of cases to another version of their process has come."""

    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    MOVING = "moving", _("Being moved")
    DONE = "done", pgettext("move", "Done")


class ExtensionAnswer(models.TextChoices):
    """What was decided about an extension that was asked for."""

    GRANTED = "granted", _("The time limit is extended")
    REFUSED = "refused", _("The time limit stays as it is")
    LAPSED = "lapsed", _("No longer needed")  # by the process: what had the time limit was done first


class NoteKind(models.TextChoices):
    CONCERN = "concern", _("What came in")
    CONVERSATION = "conversation", _("Conversation")
    EVENT = "event", _("Event")
    ASSESSMENT = "assessment", _("Assessment")
    DECISION = "decision", _("Decision")
    OTHER = "other", _("Other")
    ADDITION = "addition", _("Addition")
    CORRECTION = "correction", _("Correction")


# What stands beside another note, and is never written without one.
ADDED = (NoteKind.ADDITION.value, NoteKind.CORRECTION.value)


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
    INVESTIGATION_OPENED = "investigation_opened", _("An investigation was opened")
    REFERRED = "referred", _("Referred to other support")
    OTHER = "other", _("Other reason")


class Contact(models.TextChoices):
    """How soon after an earlier case was closed a person gets a new one (återaktualisering)."""

    WITHIN_6_MONTHS = "within_6_months", _("Within 6 months")
    WITHIN_12_MONTHS = "within_12_months", _("Within 12 months")
    OTHER = "other", _("Later, or for the first time")


# ── Who needs to know ─────────────────────────────────────────────────────


class Place(models.TextChoices):
    """Where a role looks from: at the unit that has the case, or somewhere else in the municipality."""

    UNIT = "unit", _("At the unit")
    ELSEWHERE = "elsewhere", _("At another unit")


class Sees(models.TextChoices):
    """What a role sees of a case that it doesn't work with."""

    READS = "reads", _("Reads the case")
    EXISTS = "exists", _("Sees that there is a case, when looking for the person")


class WallGround(models.TextChoices):
    """Why a case or a concern is shut to a colleague (jäv)."""

    NAMED = "named", _("The colleague is named in it")
    OWN = "own", _("It is about the colleague")
    CLOSE = "close", _("It is about someone close to the colleague")
    THREAT = "threat", _("The colleague may be a danger to someone in it")


class Emergency(models.TextChoices):
    """Why a case was opened in an emergency (nödöppning)."""

    LIFE = "life", _("Danger to life or health right now")
    CHILD = "child", _("A child must be protected tonight")
    REACH = "reach", _("Nobody in the team can be reached and something must be done")
    OTHER = "other", _("Another emergency")


class SectionStatus(models.TextChoices):
    """How far a section of the investigation has come."""

    EMPTY = "empty", _("Nothing written")
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


class ReviewOutcome(models.TextChoices):
    """What the reviewer of an emergency opening found."""

    JUSTIFIED = "justified", _("It was needed")
    NOT_NEEDED = "not_needed", _("It wasn't needed, and has been talked through")
    TO_MANAGER = "to_manager", _("Handed over to the manager")
    BREACH = "breach", _("Reported as a personal data breach")
