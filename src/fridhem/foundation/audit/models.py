import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.audit.enums import AlertKind, AlertOutcome
from fridhem.foundation.crypto.privacy import OPEN


class Entry(models.Model):
    """One line of the record: who did what to what, when and why. Never the content, never a name of a private person.

    Nobody who serves may change or remove one, and each is linked into the chain when its transaction ends (see `chain`).
    """

    privacy = {
        "id": OPEN,
        "at": OPEN,
        "verb": OPEN,
        "actor": OPEN,
        "subject_kind": OPEN,
        "subject": OPEN,
        "about": OPEN,
        "reason": OPEN,
        "purpose": OPEN,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor = models.UUIDField(null=True)  # None: the public, or the house itself
    subject_kind = models.CharField(max_length=80)
    subject = models.UUIDField(null=True)
    about = models.UUIDField(null=True)  # the case or person that the subject belongs to, when it isn't one itself
    reason = models.CharField(max_length=200, blank=True)  # a code or a fixed phrase, never free text about a person
    purpose = models.CharField(max_length=120, blank=True)  # the page, task or command that it was done in

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
            models.Index(fields=["about", "at"], name="audit_by_about"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Link(models.Model):
    """An entry's place in the chain, written by the database itself: `digest` is SHA-256 of `prev` and the entry."""

    privacy = {"seq": OPEN, "entry": OPEN, "prev": OPEN, "digest": OPEN}

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3, … without a gap
    entry = models.UUIDField(unique=True)
    prev = models.BinaryField()  # the digest before; empty for the first
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_link"

    def __str__(self) -> str:
        return f"{self.seq} {self.digest.hex()[:12]}"


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
