from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


class Status(models.TextChoices):
    """How far an uploaded version of an instrument has come."""

    DRAFT = "draft", pgettext("instrument", "Draft")
    PROPOSED = "proposed", pgettext("instrument", "Proposed")
    PUBLISHED = "published", pgettext("instrument", "Published")


class Outcome(models.TextChoices):
    """Whether the assessment was made, and if not why."""

    DONE = "done", _("Made")
    DECLINED = "declined", _("The person declined")
    NOT_SUITABLE = "not_suitable", _("Not suitable now")
    STOPPED = "stopped", _("Broken off")


NOT_DONE = [choice for choice in Outcome.choices if choice[0] != Outcome.DONE]
