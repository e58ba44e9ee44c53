from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


class Source(models.TextChoices):
    """Whose cases are measured."""

    CASES = "cases", _("Our own cases")
    LOG = "log", _("A log from another system")


class Status(models.TextChoices):
    """Where a measurement stands (see `rules.NEXT`)."""

    ORDERED = "ordered", pgettext("measurement", "Waiting to be counted")
    COUNTING = "counting", pgettext("measurement", "Being counted and protected")
    READY = "ready", pgettext("measurement", "Ready")
    REPLACED = "replaced", pgettext("measurement", "Replaced by a newer one")
    FAILED = "failed", pgettext("measurement", "Stopped")
