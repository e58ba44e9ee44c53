import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.assessments.enums import Outcome, Status


@tracked(but=("file",))
class Version(models.Model):
    """A version of an instrument that the municipality has uploaded as an XLSForm; those that ship with the house aren't here.

    `number` continues after the newest there was; `note` says what is new in it. Once published it's never changed.
    """

    privacy = {
        "id": OPEN, "key": OPEN, "number": OPEN, "name": OPEN, "status": OPEN, "file": OPEN, "note": OPEN, "uploaded_by": OPEN,
        "uploaded_at": OPEN, "tried_at": OPEN, "proposed_by": OPEN, "proposed_at": OPEN, "published_by": OPEN,
        "published_at": OPEN, "valid_from": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    file = models.BinaryField()
    note = models.CharField(max_length=500)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)  # when its owner last filled it in to a result
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)  # the day from which it's used

    class Meta:
        db_table = "assessments_version"
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="assessments_one_of_each_number"),
            models.CheckConstraint(
                condition=models.Q(status=Status.DRAFT, proposed_by=None, proposed_at=None, valid_from=None)
                | ~models.Q(status=Status.DRAFT)
                & models.Q(
                    proposed_by__isnull=False, proposed_at__isnull=False, valid_from__isnull=False, tried_at__isnull=False
                ),
                name="assessments_proposed_is_tried",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.PUBLISHED, published_by__isnull=False, published_at__isnull=False)
                & ~models.Q(published_by=models.F("proposed_by"))
                | ~models.Q(status=Status.PUBLISHED) & models.Q(published_by=None, published_at=None),
                name="assessments_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def proposal(self) -> str:
        """Which proposal it is: another one when it has been sent back and proposed anew. A number can be used again."""
        return f"{self.pk.hex}-{self.proposed_at.timestamp() * 1_000_000:.0f}" if self.proposed_at else ""


class Assessment(models.Model):
    """What an instrument said about someone on a day, or why it wasn't used. Never changed: a new one is made.

    `answers`: by question, as text. `words`: why it wasn't made. The code of the level lies in clear, as reason codes do, so that
    a danger can be listed without a key being opened; what it means is in the instrument's version.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "person": OPEN, "instrument": OPEN, "version": OPEN, "outcome": OPEN, "made_by": OPEN,
        "made_at": OPEN, "happened_on": OPEN, "answers": PERSONAL, "score": PERSONAL, "words": PERSONAL, "level": OPEN,
        "is_dangerous": OPEN, "review_on": OPEN,
    }  # fmt: skip

    destroyed_by = "assessments_destroy_assessments"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, null=True, related_name="+")  # None: nobody knows yet
    instrument = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    happened_on = models.DateField()
    answers = SealedField(zone="case", key_of="case_id", null=True)
    score = SealedField(zone="case", key_of="case_id", null=True)
    words = SealedField(zone="case", key_of="case_id", null=True)
    level = models.CharField(max_length=64, blank=True)
    is_dangerous = models.BooleanField(default=False)
    review_on = models.DateField(null=True)

    class Meta:
        db_table = "assessments_assessment"
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["case", "person", "instrument", "-made_at"], name="assessments_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.DONE, answers__isnull=False, words=None)
                | ~models.Q(outcome=Outcome.DONE) & models.Q(answers=None, score=None, level="", is_dangerous=False),
                name="assessments_done_has_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"
