import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.casework.models.case import Case


@tracked()
class Section(models.Model):
    """What is written under one heading of the investigation (avsnitt): a draft until it's signed, then never changed.

    What is written after that is a row of its own beside it, which supersedes it once it's signed too. `revision` counts each
    time that something under the heading was saved, through all its rows: nobody writes over what they haven't seen.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "heading": OPEN, "revision": OPEN, "written_by": OPEN, "written_at": OPEN, "signed_by": OPEN,
        "signed_at": OPEN, "text": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sections")
    heading = models.CharField(max_length=64)
    revision = models.PositiveIntegerField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    text = SealedField(zone="case", key_of="case_id")

    class Meta:
        db_table = "casework_section"
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["case", "heading", "revision"], name="casework_each_revision_once"),
            models.UniqueConstraint(
                fields=["case", "heading"], condition=models.Q(signed_at=None), name="casework_one_draft_under_a_heading"
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at=None, signed_by=None)
                | models.Q(signed_by__isnull=False, signed_at__gte=models.F("written_at")),
                name="casework_section_signed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"section {self.pk}"

    def already_says(self, text: str, *, by: User, sign: bool) -> bool:
        """Whether `by` would save nothing new: the same text, signed, or a draft of theirs that they don't sign now."""
        return self.text == text and (self.signed_at is not None or (self.written_by_id == by.pk and not sign))
