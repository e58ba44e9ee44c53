import uuid

from django.db import models

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
