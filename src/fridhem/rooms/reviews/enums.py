from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


class Status(models.TextChoices):
    """Where a review stands."""

    UNDER_WAY = "under_way", pgettext("review", "Under way")
    SIGNED = "signed", pgettext("review", "Signed off")


class Untold(models.TextChoices):
    """Why a review that is signed off has no figures."""

    FEW = "few", _("Too few cases were reviewed for figures that betray nobody.")
    EARLIER = (
        "earlier",
        _("An earlier report tells of this time. Two of much the same cases would betray the others."),
    )


class Standing(models.TextChoices):
    """Where a drawn case stands."""

    TO_DO = "to_do", pgettext("drawn case", "To do")
    DRAFT = "draft", pgettext("drawn case", "Begun")
    DONE = "done", pgettext("drawn case", "Reviewed")
    LEFT_OUT = "left_out", pgettext("drawn case", "Left out")


class Verdict(models.TextChoices):
    """What is answered to each question; the words stand in the routine's file."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_APPLICABLE = "not_applicable", _("Doesn't apply")


class Why(models.TextChoices):
    """Why a drawn case was left out."""

    INVOLVED = "involved", _("I have worked in the case myself")
    WRONG_PROCESS = "wrong_process", _("The case shouldn't have followed this process")
    TOO_EARLY = "too_early", _("The case has only begun")
    OTHER = "other", _("Other reason")


class By(models.TextChoices):
    """How the size of a sample is said."""

    CASES = "cases", pgettext("sample", "cases")
    PERCENT = "percent", pgettext("sample", "per cent of the cases")
