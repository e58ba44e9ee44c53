import uuid
from typing import TypedDict

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.foundation.files.enums import Reason, Status


class Label(TypedDict):
    """What is known of a file: its name as it came, its bytes, their SHA-256, and the key (base64) that opens its content."""

    name: str
    size: int
    sha256: str
    key: str


@tracked()
class File(models.Model):
    """A file that was taken in. `owner` is what it belongs to (a case): with the owner's key the file's own key is gone.

    `kind` is empty for a file that is held apart: nobody knows what it is.
    """

    privacy = {
        "id": OPEN, "owner": OPEN, "kind": OPEN, "status": OPEN, "held_because": OPEN, "pages": OPEN, "removed": OPEN,
        "added_at": OPEN, "added_by": OPEN, "reviewed_at": OPEN, "reviewed_by": OPEN, "label": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    held_because = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    pages = models.PositiveIntegerField(default=0)
    removed = models.JSONField(default=list)  # codes of `enums.Removed`
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    label = SealedField(zone="case", key_of="owner")

    class Meta:
        db_table = "files_file"
        ordering = ["-added_at", "id"]
        indexes = [models.Index(fields=["status", "held_because"], name="files_held")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=Status.CLEAN, held_because="") & ~models.Q(kind="")
                | models.Q(status__in=(Status.HELD, Status.OPENED)) & ~models.Q(held_because="")
                | models.Q(status=Status.REMOVED),
                name="files_held_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.OPENED) | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="files_opened_was_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"


class Piece(models.Model):
    """A part of a file's content, sealed under the file's own key (see `sealing`): nothing but ciphertext."""

    privacy = {"id": OPEN, "file": OPEN, "position": OPEN, "sealed": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="content")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "files_piece"
        ordering = ["file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="files_pieces_in_order")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"
