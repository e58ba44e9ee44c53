import uuid
from typing import Any

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.council.enums import (
    DecisionStatus,
    DocumentKind,
    IncomingStatus,
    MatterKind,
    MatterStatus,
    NumberRole,
    Outcome,
    Stance,
)

NEWEST_FIRST: list[Any] = [models.F("latest_on").desc(nulls_last=True), models.F("made_at").desc(), "id"]
UNREAD = (IncomingStatus.WAITING, IncomingStatus.READING)
NEWEST_DOCUMENT_FIRST: list[Any] = [models.F("dated_on").desc(nulls_last=True), models.F("read_at").desc(), "id"]


@tracked()
class Matter(models.Model):
    """What several documents of several bodies are about together. Made, named and merged by what has been read."""

    privacy = {"id": OPEN, "title": OPEN, "municipality": OPEN, "kind": OPEN, "status": OPEN, "made_at": OPEN, "latest_on": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    municipality = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=MatterKind.choices, default=MatterKind.OTHER)
    status = models.CharField(max_length=20, choices=MatterStatus.choices, default=MatterStatus.RECEIVED)
    made_at = models.DateTimeField()
    latest_on = models.DateField(null=True)  # the newest document's own date

    class Meta:
        db_table = "council_matter"
        ordering = NEWEST_FIRST
        indexes = [models.Index(*NEWEST_FIRST, name="council_newest_first")]

    def __str__(self) -> str:
        return self.title


@tracked()
class RegistryNumber(models.Model):
    """A registry number, one row whatever the writing. Without a matter it has only been mentioned."""

    privacy = {"id": OPEN, "matter": OPEN, "number": OPEN, "normal": OPEN, "body": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="numbers")
    number = models.CharField(max_length=60)
    normal = models.CharField(max_length=60, unique=True)
    body = models.CharField(max_length=120, blank=True)  # whose number it is, where a document has said so

    class Meta:
        db_table = "council_registry_number"
        ordering = ["body", "normal"]

    def __str__(self) -> str:
        return self.number


@tracked(but=("text", "findings"))
class Document(models.Model):
    """A public document as it was read. Its text is the extracted text, never mended; `findings` places each fact in it."""

    privacy = {
        "id": OPEN, "matter": OPEN, "kind": OPEN, "body": OPEN, "municipality": OPEN, "dated_on": OPEN, "title": OPEN,
        "text": OPEN, "findings": OPEN, "put_by_members": OPEN, "format": OPEN, "pages": OPEN, "cut": OPEN, "file_name": OPEN,
        "sha256": OPEN, "read_at": OPEN, "taken_in_by": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # None: a notice of a meeting, which lists many matters
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    body = models.CharField(max_length=120, blank=True)
    municipality = models.CharField(max_length=80, blank=True)
    dated_on = models.DateField(null=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    findings = models.JSONField()
    put_by_members = models.CharField(max_length=20, blank=True)  # motion, initiativ, interpellation: what it is or answers
    format = models.CharField(max_length=10)
    pages = models.PositiveIntegerField()
    cut = models.BooleanField(default=False)  # longer than what is read
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    read_at = models.DateTimeField()
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "council_document"
        ordering = NEWEST_DOCUMENT_FIRST
        indexes = [models.Index(*NEWEST_DOCUMENT_FIRST, name="council_newest_document_first")]

    def __str__(self) -> str:
        return self.title


class Reference(models.Model):
    """A document prints a registry number. It `ties` when the document belongs to the number's matter."""

    privacy = {"id": OPEN, "document": OPEN, "number": OPEN, "role": OPEN, "ties": OPEN, "start": OPEN, "end": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="references")
    number = models.ForeignKey(RegistryNumber, on_delete=models.PROTECT, related_name="references")
    role = models.CharField(max_length=10, choices=NumberRole.choices)
    ties = models.BooleanField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        db_table = "council_reference"
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="council_one_reference_each"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="council_reference_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.number_id}"


class Decision(models.Model):
    """A decision point: proposed or decided, by which body, and what it does to its own object."""

    privacy = {
        "id": OPEN, "document": OPEN, "position": OPEN, "body": OPEN, "text": OPEN, "stance": OPEN, "status": OPEN,
        "start": OPEN, "end": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="decisions")
    position = models.PositiveIntegerField()
    body = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    stance = models.CharField(max_length=10, choices=Stance.choices)
    status = models.CharField(max_length=10, choices=DecisionStatus.choices)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        db_table = "council_decision"
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="council_decisions_in_order"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="council_decision_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.stance}"


class Delivery(models.Model):
    """Files that someone handed over together, for the worker to read."""

    privacy = {"id": OPEN, "handed_over_by": OPEN, "handed_over_at": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handed_over_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()

    class Meta:
        db_table = "council_delivery"
        ordering = ["-handed_over_at", "id"]

    def __str__(self) -> str:
        return f"{self.handed_over_at:%Y-%m-%d %H:%M}"


class Incoming(models.Model):
    """A file of a delivery. Its bytes are public records as they came, kept until they have been read."""

    privacy = {
        "id": OPEN, "delivery": OPEN, "position": OPEN, "name": OPEN, "sha256": OPEN, "size": OPEN, "data": OPEN, "status": OPEN,
        "reason": OPEN, "tries": OPEN, "document": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    data = models.BinaryField(null=True)
    status = models.CharField(max_length=10, choices=IncomingStatus.choices, default=IncomingStatus.WAITING)
    reason = models.CharField(max_length=20, choices=Outcome.choices, blank=True)  # why it failed
    tries = models.PositiveSmallIntegerField(default=0)  # how often the reading began
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "council_incoming"
        ordering = ["delivery", "position"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "position"], name="council_incoming_in_order"),
            models.CheckConstraint(
                condition=models.Q(status__in=UNREAD, data__isnull=False) | ~models.Q(status__in=UNREAD) & models.Q(data=None),
                name="council_bytes_until_read",
            ),
            models.CheckConstraint(
                condition=models.Q(status=IncomingStatus.FAILED) ^ models.Q(reason=""), name="council_failed_has_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=(IncomingStatus.READ, IncomingStatus.KNOWN)) | models.Q(document__isnull=False),
                name="council_read_has_document",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def settled(self) -> bool:
        """Whether it is known what became of the file."""
        return self.status not in UNREAD
