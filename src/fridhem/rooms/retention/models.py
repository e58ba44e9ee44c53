"""What is stored of keeping and destroying. Nothing here tells who a matter is about; what a disposal leaves tells nothing."""

import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.retention.enums import (
    ExclusionReason,
    HoldGround,
    LineStatus,
    ListStatus,
    MatterKind,
    Outcome,
)


class Matter(models.Model):
    """A case or a concern as retention sees it: its number, and the verdict of the last assessment. Its id is the matter's own.

    `grounds` are keys of rules and reasons. `is_sampled`: whether the person is in the research sample, None until it was
    looked up (it's looked up only when nothing else keeps the matter).
    """

    privacy = {
        "id": OPEN, "kind": OPEN, "number": OPEN, "outcome": OPEN, "grounds": OPEN, "kept_to": OPEN, "due_from": OPEN,
        "gone_by": OPEN, "is_sampled": OPEN, "assessed_on": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=MatterKind.choices)
    number = models.CharField(max_length=12)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    grounds = models.JSONField()
    kept_to = models.DateField(null=True)
    due_from = models.DateField(null=True)
    gone_by = models.DateField(null=True)
    is_sampled = models.BooleanField(null=True)
    assessed_on = models.DateField()

    class Meta:
        db_table = "retention_matter"
        ordering = ["gone_by", "number", "id"]
        indexes = [
            models.Index(fields=["outcome", "gone_by", "number"], name="retention_by_outcome"),
            models.Index(fields=["number"], name="retention_by_number"),
            models.Index(
                fields=["due_from"],
                condition=models.Q(outcome__in=(Outcome.DISPOSE, Outcome.UNTIL)),
                name="retention_by_due_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Hold(models.Model):
    """A legal hold (gallringsstopp): the matter isn't disposed of while it's there. In force until it's lifted.

    The keys to case and concern make the database itself refuse to delete what is held.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "concern": OPEN, "ground": OPEN, "words": PERSONAL, "review_on": OPEN, "put_by": OPEN,
        "put_at": OPEN, "lifted_by": OPEN, "lifted_at": OPEN, "lifted_words": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, null=True, related_name="+")
    concern = models.ForeignKey("intake.Concern", on_delete=models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=20, choices=HoldGround.choices)
    words = SealedField(zone="case", null=True)
    review_on = models.DateField()
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_words = SealedField(zone="case", null=True)

    class Meta:
        db_table = "retention_hold"
        ordering = ["-put_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case=None, concern__isnull=False) | models.Q(case__isnull=False, concern=None),
                name="retention_hold_is_on_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_by=None, lifted_at=None) | models.Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="retention_lifted_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


@tracked()
class DisposalList(models.Model):
    """What is to be destroyed together: proposed by one, approved by another, carried out by the worker.

    `digest` seals what was proposed (SHA-256 over the lines' digests).
    """

    privacy = {
        "id": OPEN, "year": OPEN, "status": OPEN, "digest": OPEN, "proposed_by": OPEN, "proposed_at": OPEN, "approved_by": OPEN,
        "approved_at": OPEN, "finished_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=ListStatus.choices, default=ListStatus.PROPOSED)
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_list"
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=(ListStatus.APPROVED, ListStatus.DONE))
                | models.Q(approved_by__isnull=False, approved_at__isnull=False) & ~models.Q(approved_by=models.F("proposed_by")),
                name="retention_two_people",
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status__in=(ListStatus.PROPOSED,)),
                name="retention_one_list_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.proposed_at:%Y-%m-%d}"


class Line(models.Model):
    """One matter on a list. When it's disposed of, all that pointed to it is taken out of its lines.

    `salt` makes the line's digest unguessable, and is destroyed with the matter.
    """

    privacy = {
        "id": OPEN, "list": OPEN, "kind": OPEN, "matter": OPEN, "number": OPEN, "rule": OPEN, "law": OPEN, "gone_by": OPEN,
        "salt": OPEN, "digest": OPEN, "status": OPEN, "excluded_by": OPEN, "excluded_why": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=MatterKind.choices)
    matter = models.UUIDField(null=True)
    number = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=40)
    law = models.CharField(max_length=200)
    gone_by = models.DateField()
    salt = models.BinaryField(max_length=16, null=True)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=LineStatus.choices, default=LineStatus.WAITING)
    excluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    excluded_why = models.CharField(max_length=20, choices=ExclusionReason.choices, blank=True)

    class Meta:
        db_table = "retention_line"
        ordering = ["gone_by", "digest"]
        indexes = [models.Index(fields=["list", "status"], name="retention_by_line_status")]
        constraints = [
            models.UniqueConstraint(fields=["list", "matter"], name="retention_each_matter_once"),
            models.CheckConstraint(
                condition=models.Q(matter=None, number="", salt=None)
                | ~models.Q(status=LineStatus.DISPOSED)
                & models.Q(matter__isnull=False, salt__isnull=False)
                & ~models.Q(number=""),
                name="retention_disposed_tells_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(status=LineStatus.EXCLUDED, excluded_by__isnull=False) & ~models.Q(excluded_why="")
                | ~models.Q(status=LineStatus.EXCLUDED) & models.Q(excluded_by=None, excluded_why=""),
                name="retention_excluded_has_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class Proof(models.Model):
    """That one matter was destroyed, by whose decision and by which law; never which one. Never changed: see the app's grants.

    `destroyed` is the digest of the rows that are gone, `line` the digest of its line on the list. `keys` is how many keys were
    destroyed, at `destroyed_at`, with the rows.
    """

    privacy = {
        "id": OPEN, "list": OPEN, "kind": OPEN, "rule": OPEN, "law": OPEN, "gone_by": OPEN, "proposed_by": OPEN,
        "approved_by": OPEN, "destroyed_at": OPEN, "rows": OPEN, "keys": OPEN, "destroyed": OPEN, "line": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=10, choices=MatterKind.choices)
    rule = models.CharField(max_length=40)
    law = models.CharField(max_length=200)
    gone_by = models.DateField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    destroyed_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    keys = models.PositiveIntegerField()
    destroyed = models.CharField(max_length=64)
    line = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "retention_proof"
        ordering = ["-destroyed_at", "id"]

    def __str__(self) -> str:
        return f"proof {self.pk}"
