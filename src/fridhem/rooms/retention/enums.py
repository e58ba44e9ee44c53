from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


class MatterKind(models.TextChoices):
    """What can be disposed of here."""

    CASE = "case", _("Case")
    CONCERN = "concern", _("Concern")


class Outcome(models.TextChoices):
    """What is to be done with a matter, as `pure.retention` says it."""

    DISPOSE = "dispose", _("To be disposed of")
    UNTIL = "until", _("Kept for some time yet")
    FOR_EVER = "for_ever", _("Kept for ever")
    ONGOING = "ongoing", _("Goes on")
    HOLD = "hold", _("On hold")


class HoldGround(models.TextChoices):
    """Why something may not be disposed of for now (gallringsstopp)."""

    COURT = "court", _("A court or the police need it")
    SUPERVISION = "supervision", _("Supervision or review is under way")
    ACCESS = "access", _("Someone has asked to see it")
    DAMAGES = "damages", _("A claim against the municipality")
    OTHER = "other", _("Another reason, in words")


class ListStatus(models.TextChoices):
    """Where a disposal list stands."""

    PROPOSED = "proposed", pgettext("disposal list", "Waits for a second person")
    APPROVED = "approved", pgettext("disposal list", "Being carried out")
    DONE = "done", pgettext("disposal list", "Carried out")
    WITHDRAWN = "withdrawn", pgettext("disposal list", "Withdrawn")


class LineStatus(models.TextChoices):
    """What became of one line."""

    WAITING = "waiting", pgettext("disposal line", "Waits")
    EXCLUDED = "excluded", pgettext("disposal line", "Taken out")
    DESTROYING = "destroying", pgettext("disposal line", "Being destroyed")
    DISPOSED = "disposed", pgettext("disposal line", "Disposed of")
    SPARED = "spared", pgettext("disposal line", "Spared: no longer to be disposed of")
    FAILED = "failed", pgettext("disposal line", "Couldn't be disposed of")


class ExclusionReason(models.TextChoices):
    """Why a line was taken out of a list."""

    MAYBE_KEEP = "maybe_keep", _("It may have to be kept for ever")
    IN_USE = "in_use", _("It's still needed in the work")
    WRONG_DAYS = "wrong_days", _("The days look wrong")
    ASKED_FOR = "asked_for", _("Someone has asked to see it")
