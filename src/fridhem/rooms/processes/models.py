import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.processes.enums import Kind, Status


@tracked()
class Version(models.Model):
    """A version of a core process or a decision table that the municipality has uploaded; those that ship aren't here.

    `number` continues after the newest there was; `note` says what is new in it. Once published it's never changed.
    """

    privacy = {
        "id": OPEN, "kind": OPEN, "key": OPEN, "number": OPEN, "name": OPEN, "status": OPEN, "xml": OPEN, "note": OPEN,
        "uploaded_by": OPEN, "uploaded_at": OPEN, "tried_at": OPEN, "proposed_by": OPEN, "proposed_at": OPEN,
        "published_by": OPEN, "published_at": OPEN, "valid_from": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROCESS)
    key = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    xml = models.TextField()
    note = models.CharField(max_length=500)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)  # when its owner last came to an end in the sandbox, or to an answer
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)  # the day from which new cases begin on it, or from which the table decides

    class Meta:
        db_table = "processes_version"
        ordering = ["kind", "key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="processes_one_of_each_number"),
            models.CheckConstraint(
                condition=models.Q(status=Status.DRAFT, proposed_by=None, proposed_at=None, valid_from=None)
                | ~models.Q(status=Status.DRAFT)
                & models.Q(
                    proposed_by__isnull=False, proposed_at__isnull=False, valid_from__isnull=False, tried_at__isnull=False
                ),
                name="processes_proposed_is_tried",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.PUBLISHED, published_by__isnull=False, published_at__isnull=False)
                & ~models.Q(published_by=models.F("proposed_by"))
                & ~models.Q(published_by=models.F("uploaded_by"))
                | ~models.Q(status=Status.PUBLISHED) & models.Q(published_by=None, published_at=None),
                name="processes_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def proposal(self) -> str:
        """Which proposal it is: another one when it has been sent back and proposed anew. A number can be used again."""
        return f"{self.pk.hex}-{self.proposed_at.timestamp() * 1_000_000:.0f}" if self.proposed_at else ""


class Trial(models.Model):
    """Someone's try of a version in the sandbox: a case of nobody. `clock` is the moment that it's there."""

    privacy = {"id": OPEN, "version": OPEN, "user": OPEN, "state": OPEN, "clock": OPEN, "log": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="trials")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.JSONField()
    clock = models.DateTimeField()
    log = models.JSONField(default=list)  # of [day, what was done]

    class Meta:
        db_table = "processes_trial"
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="processes_one_trial_each")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.user_id}"
