from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How someone got in touch."""

    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit")
    CHAT = "chat", _("Chat")


class Violence(models.TextChoices):
    """What came of the voluntary question on violence; the same words as in the process's sheet `violence_question`."""

    NOT_ASKED = "not_asked", _("The question wasn't asked")
    NO_ANSWER = "no_answer", _("Didn't want to answer")
    NO = "no", _("No violence")
    YES = "yes", _("Yes, violence")


class Consent(models.TextChoices):
    """Who says yes for someone under age."""

    GUARDIANS = "guardians", _("The guardians must agree")
    OWN = "own", _("The child's own word is enough")


class Documentation(models.TextChoices):
    """What is written about the one who gets the support; on which ground is said by the list `documentation`."""

    NONE = "none", _("Nothing")
    MINIMAL = "minimal", _("Nothing that tells who it is")
    JOURNAL = "journal", _("A journal, in a case")


class Age(models.TextChoices):
    """The ages that are told apart; from which year to which is said by the list `ages`."""

    CHILD = "child", _("Child")
    YOUTH = "youth", _("Youth")
    ADULT = "adult", _("Adult")
    UNKNOWN = "unknown", _("Not known")
