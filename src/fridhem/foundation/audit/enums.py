from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    """What someone must hear of, because it may mean that a person is in danger or a wall has given way."""

    DANGER = "danger", _("An assessment says that someone may be in danger")
    PROTECTED_SHOWN = "protected_shown", _("A protected detail was shown")
    BREAK_GLASS = "break_glass", _("A case was opened in an emergency")
    CONFLICT = "conflict", _("Someone tried to open a case of their own or of someone close")
    OUTBOUND_STOPPED = "outbound_stopped", _("A document with a protected detail was stopped on its way out")
    OUTBOUND_ALLOWED = "outbound_allowed", _("Two people let a document out although it was stopped")
    TOO_MANY_OPENED = "too_many_opened", _("Someone asked for more than the limit of openings")
    SIGN_IN = "sign_in", _("Someone may be trying to sign in as someone else")
    MALWARE = "malware", _("A file that may harm was stopped")
    BACKUP_LATE = "backup_late", _("The backup is late or couldn't be restored")
    RECORD_BROKEN = "record_broken", _("The record doesn't hold together")
    ANCHOR_LATE = "anchor_late", _("The record couldn't be anchored")


class AlertOutcome(models.TextChoices):
    """What the one who looked into an alert found."""

    IN_ORDER = "in_order", _("In order: it belonged to the work")
    MISTAKE = "mistake", _("A mistake, talked through")
    TO_MANAGER = "to_manager", _("Handed over to the manager")
    BREACH = "breach", _("Reported as a personal data breach")
    TECHNICAL = "technical", _("A technical fault, handed over")
