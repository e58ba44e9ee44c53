from django.db import models
from django.utils.translation import gettext_lazy as _


class Table(models.TextChoices):
    """The tables that we count (see `definitions`)."""

    GRANTED_REASONS = "granted_reasons", _("Granted interventions by reason")
    ANONYMOUS_CONTACTS = "anonymous_contacts", _("Anonymous contacts")
    ANONYMOUS_HELP = "anonymous_help", _("What was given in anonymous contacts")
    ANONYMOUS_VIOLENCE = "anonymous_violence", _("Violence told of in anonymous contacts")


class Status(models.TextChoices):
    """Where a release stands (see `rules.NEXT`)."""

    ORDERED = "ordered", _("Waiting to be counted")
    COUNTING = "counting", _("Being counted and protected")
    READY = "ready", _("Ready to read through")
    RELEASED = "released", _("Released")
    REPLACED = "replaced", _("Replaced by a newer one")
    FAILED = "failed", _("Stopped")


class Stage(models.TextChoices):
    """What the worker is doing right now, in the order it happens."""

    COUNT = "count", _("Counts")
    CHOOSE = "choose", _("Chooses what to hide")
    ATTACK = "attack", _("Attacks the result as a reader would")
    WIDEN = "widen", _("Hides a little more")
    SEAL = "seal", _("Seals the proof")
