import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.blind_index import BlindIndexField
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.importing.enums import Status


@tracked()
class Source(models.Model):
    """A case system that extracts come from. `mapping` is how they are read: which column is what, their codes and ours.

    Sealed, since a file without heads can put anything there.
    """

    privacy = {"id": OPEN, "name": OPEN, "mapping": PERSONAL, "made_by": OPEN, "made_at": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    mapping = SealedField(zone="case")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "importing_source"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked(but=("content",))
class Extract(models.Model):
    """A file from a source, until its cases are imported. `content` is its table and how it's read; its key is destroyed with it.

    `told`: what wasn't imported and why, as [row, field, what]: never what stood there.
    """

    privacy = {
        "id": OPEN, "source": OPEN, "status": OPEN, "content": PERSONAL, "uploaded_by": OPEN, "uploaded_at": OPEN,
        "confirmed_at": OPEN, "rows": OPEN, "total": OPEN, "seen": OPEN, "taken": OPEN, "known": OPEN, "told": OPEN,
        "ended_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="extracts")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    content = SealedField(zone="case", null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField()
    total = models.PositiveIntegerField(default=0)  # cases to import
    seen = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # were imported before, and say the same
    told = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "importing_extract"
        ordering = ["-uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=(Status.IMPORTING, Status.DONE)) | models.Q(confirmed_at__isnull=False),
                name="importing_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.DONE) | models.Q(content=None, ended_at__isnull=False),
                name="importing_done_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.uploaded_at:%Y-%m-%d %H:%M}"

    @property
    def left(self) -> int:
        """How many rows weren't imported; `told` says why."""
        return len({row for row, _field, _what in self.told})


class Origin(models.Model):
    """Which case of another system a case was: the same isn't imported twice, and one that has changed since is known."""

    privacy = {
        "id": OPEN, "source": OPEN, "case": OPEN, "extract": OPEN, "number": PERSONAL, "number_index": PERSONAL,
        "content_index": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="+")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="+")
    number = SealedField(zone="case")  # there
    number_index = BlindIndexField(zone="case")
    content_index = BlindIndexField(zone="case")

    class Meta:
        db_table = "importing_origin"
        constraints = [models.UniqueConstraint(fields=["source", "number_index"], name="importing_one_case_each_number")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.case_id}"
