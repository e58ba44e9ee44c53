import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.audit.enums import AlertKind, AlertOutcome
from fridhem.foundation.crypto.privacy import OPEN


class Entry(models.Model):
    """One line of the record: who did what to what, when. Never the content, never a name of a private person."""

    privacy = {
        "id": OPEN,
        "at": OPEN,
        "verb": OPEN,
        "actor": OPEN,
        "subject_kind": OPEN,
        "subject": OPEN,
        "reason": OPEN,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor = models.UUIDField(null=True)  # None: the public, or the house itself
    subject_kind = models.CharField(max_length=80)
    subject = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # a code or a fixed phrase, never free text about a person

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Alert(models.Model):
    """Something that someone must look into. It's never changed and never deleted: it's answered by an `Acknowledgement`."""

    privacy = {
        "id": OPEN, "kind": OPEN, "at": OPEN, "subject_kind": OPEN, "subject": OPEN, "about_user": OPEN, "roles": OPEN,
        "unit": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)  # an `AlertKind`; kinds come and go without a migration
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=80, blank=True)
    subject = models.UUIDField(null=True)
    about_user = models.UUIDField(null=True)  # the colleague whose doing it is; None: nobody's
    roles = ArrayField(models.CharField(max_length=30))  # who must hear of it
    unit = models.UUIDField(null=True)  # the unit whose case it is; None: the roles of every unit

    class Meta:
        db_table = "audit_alert"
        indexes = [models.Index(fields=["at"], name="alert_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def what(self) -> str:
        """The kind in words."""
        return str(AlertKind(self.kind).label)


class Acknowledgement(models.Model):
    """That a named person has looked into an alert, and what came of it. One for each alert."""

    privacy = {"alert": OPEN, "by": OPEN, "at": OPEN, "outcome": OPEN}

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, primary_key=True, related_name="acknowledgement")
    by = models.UUIDField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=30)  # an `AlertOutcome`

    class Meta:
        db_table = "audit_acknowledgement"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"

    @property
    def what(self) -> str:
        """The outcome in words."""
        return str(AlertOutcome(self.outcome).label)
