"""What is stored of a concern. Nothing here tells who sent it, from where, or at what hour.

The public process may only add rows (and read published texts); see `apps.IntakeConfig.grants` and the policies in the
first migration. Ids are random, clear times are days: the table's content doesn't tell in what order a day's concerns came.
"""

import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.box_field import BoxField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.casework.enums import WallGround
from fridhem.rooms.intake import rules
from fridhem.rooms.intake.enums import (
    CloseReason,
    Direction,
    Kind,
    Languages,
    Protection,
    Receiver,
    Review,
    Status,
    TextKey,
    Urgency,
)

# The boxes of this zone go to the sender: only the receipt opens them, and the house doesn't keep receipts.
MAILBOX = "mailbox"


@tracked(but=("body", "sender_copy"), from_the_start=False)
class Concern(models.Model):
    """What someone told us (orosanmälan), and where our assessment of it stands.

    `body` is the sender's words for us, `sender_copy` the same words for the sender; both are boxes. `lookup` finds the
    mailbox by its receipt, `mailbox_key` (32 bytes) seals answers to it. `likeness` is set in
    a flood only: those that say the same, word for word, have the same one.
    """

    privacy = {
        "id": OPEN, "lookup": OPEN, "mailbox_key": OPEN, "body": PERSONAL, "sender_copy": PERSONAL, "urgency": OPEN,
        "received_on": OPEN, "status": OPEN, "assigned_to": OPEN, "seen_on": OPEN, "kind": OPEN, "close_reason": OPEN,
        "decided_on": OPEN, "case": OPEN, "likeness": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    mailbox_key = models.BinaryField(max_length=32)
    body = BoxField(zone="intake")
    sender_copy = BoxField(zone=MAILBOX)
    urgency = models.CharField(max_length=20, choices=Urgency.choices)
    received_on = models.DateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.RECEIVED)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seen_on = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    decided_on = models.DateField(null=True)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, null=True, related_name="+")
    likeness = models.BinaryField(max_length=8, null=True)

    class Meta:
        db_table = "intake_concern"
        indexes = [
            models.Index(fields=["status", "received_on"], name="intake_by_status"),
            models.Index(fields=["likeness", "id"], name="intake_alike", condition=models.Q(likeness__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.TAKEN_UP) | models.Q(case__isnull=False),
                name="intake_taken_up_has_case",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.CLOSED) & ~models.Q(close_reason="")
                | ~models.Q(status=Status.CLOSED) & models.Q(close_reason=""),
                name="intake_closed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What it is called on the phone."""
        return rules.number_of(self.pk)


@tracked(but=("box", "sender_copy"), from_the_start=False)
class Message(models.Model):
    """One letter through a concern's mailbox. `box` is for us, `sender_copy` for the sender: the same words in two boxes."""

    privacy = {
        "id": OPEN, "concern": OPEN, "direction": OPEN, "box": PERSONAL, "sender_copy": PERSONAL, "sent_on": OPEN,
        "seen_on": OPEN, "written_by": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=20, choices=Direction.choices)
    box = BoxField(zone="intake")
    sender_copy = BoxField(zone=MAILBOX)
    sent_on = models.DateField()
    seen_on = models.DateField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "intake_message"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction=Direction.FROM_SENDER, written_by__isnull=True)
                | models.Q(direction=Direction.TO_SENDER, written_by__isnull=False),
                name="intake_answers_have_an_author",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sent_on} {self.direction}"


@tracked(but=("note",))
class ProtectionAssessment(models.Model):
    """Whether someone needs protection at once (omedelbar skyddsbedömning): required when a concern is about a child."""

    privacy = {"id": OPEN, "concern": OPEN, "outcome": OPEN, "note": PERSONAL, "made_at": OPEN, "made_by": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="protection_assessments")
    outcome = models.CharField(max_length=20, choices=Protection.choices)
    note = BoxField(zone="intake")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "intake_protection_assessment"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.outcome}"


@tracked(but=("note", "received_by"))
class HandOver(models.Model):
    """A concern given to someone else. On its way until the receiver has said that it arrived, or we took it back."""

    privacy = {
        "id": OPEN, "concern": OPEN, "receiver": OPEN, "note": PERSONAL, "handed_at": OPEN, "handed_by": OPEN,
        "received_by": PERSONAL, "received_at": OPEN, "withdrawn_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="hand_overs")
    receiver = models.CharField(max_length=30, choices=Receiver.choices)
    note = BoxField(zone="intake")
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_by = BoxField(zone="intake", null=True)
    received_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_hand_over"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received_by__isnull=True, received_at__isnull=True)
                | models.Q(received_by__isnull=False, received_at__isnull=False),
                name="intake_receipt_is_whole",
            ),
            models.UniqueConstraint(
                fields=["concern"],
                condition=models.Q(received_at__isnull=True, withdrawn_at__isnull=True),
                name="intake_one_hand_over_on_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handed_at:%Y-%m-%d} {self.receiver}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether nobody has said yet that it arrived."""
        return self.received_at is None and self.withdrawn_at is None


@tracked()
class Wall(models.Model):
    """That a concern is shut to a colleague (jäv), such as one whom it names. The case that it becomes is shut to them too."""

    privacy = {"id": OPEN, "concern": OPEN, "user": OPEN, "ground": OPEN, "said_by": OPEN, "said_at": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="walls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=WallGround.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        db_table = "intake_wall"
        constraints = [
            models.UniqueConstraint(fields=["concern", "user"], name="intake_one_wall_each"),
            models.CheckConstraint(condition=~models.Q(user=models.F("said_by")), name="intake_wall_is_put_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.user_id}"


@tracked()
class PublicText(models.Model):
    """A text of the municipality's own on the public pages: a draft until it has been published."""

    privacy = {
        "id": OPEN, "key": OPEN, "language": OPEN, "title": OPEN, "body": OPEN, "phone": OPEN, "review": OPEN,
        "published_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=30, choices=TextKey.choices)
    language = models.CharField(max_length=5, choices=Languages.choices)
    title = models.CharField(max_length=120)
    body = models.TextField()
    phone = models.CharField(max_length=30, blank=True)
    review = models.CharField(max_length=20, choices=Review.choices, default=Review.DRAFT)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_public_text"
        indexes = [models.Index(fields=["key", "language", "published_at"], name="intake_text_in_force")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(review=Review.REVIEWED),
                name="intake_only_reviewed_is_published",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"


class DisposedCount(models.Model):
    """How many concerns with these codes have been disposed of: what statistics counts, without a concern."""

    privacy = {"id": OPEN, "urgency": OPEN, "kind": OPEN, "status": OPEN, "year": OPEN, "n": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    urgency = models.CharField(max_length=20, choices=Urgency.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "intake_disposed_count"
        constraints = [
            models.UniqueConstraint(fields=["urgency", "kind", "status", "year"], name="intake_one_count_per_combination")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status} {self.year}: {self.n}"
