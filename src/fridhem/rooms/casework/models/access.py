import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.casework.enums import Emergency, Place, ReviewOutcome, Sees, WallGround
from fridhem.rooms.casework.models.case import Case


@tracked()
class NeedToKnow(models.Model):
    """What a role sees of the cases that it doesn't work with, from `valid_from`: the municipality's own rule, as data.

    A role and a place that no row names sees nothing. The database's own walls read the same rows.
    """

    privacy = {"id": OPEN, "role": OPEN, "place": OPEN, "sees": OPEN, "valid_from": OPEN, "valid_to": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=30, choices=Role.choices)
    place = models.CharField(max_length=10, choices=Place.choices)
    sees = models.CharField(max_length=10, choices=Sees.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "casework_need_to_know"
        verbose_name_plural = "need to know"
        constraints = [
            models.UniqueConstraint(fields=["role", "place", "valid_from"], name="casework_one_need_each"),
            models.CheckConstraint(
                condition=~models.Q(place=Place.ELSEWHERE, sees=Sees.READS), name="casework_nobody_reads_from_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.place} {self.sees}"


@tracked()
class Wall(models.Model):
    """That a case is shut to a colleague (jäv): they see nothing of it, whatever their role, not even that it is."""

    privacy = {"id": OPEN, "case": OPEN, "user": OPEN, "ground": OPEN, "said_by": OPEN, "said_at": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="walls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=WallGround.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        db_table = "casework_wall"
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="casework_one_wall_each"),
            models.CheckConstraint(condition=~models.Q(user=models.F("said_by")), name="casework_wall_is_put_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


@tracked()
class BreakGlass(models.Model):
    """An emergency opening (nödöppning) of a case by someone who doesn't work with it. Ends by itself, and is always reviewed.

    It's asked for, then opened: with `approved_by`, or without and then with an alert. `number` is the case's, for those who
    approve and review without seeing the case.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "number": OPEN, "user": OPEN, "reason": OPEN, "words": PERSONAL, "asked_at": OPEN,
        "approved_by": OPEN, "opened_at": OPEN, "until": OPEN, "reviewed_by": OPEN, "reviewed_at": OPEN, "outcome": OPEN,
        "review": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="emergencies")
    number = models.CharField(max_length=12)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Emergency.choices)
    words = SealedField(zone="case")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=ReviewOutcome.choices, blank=True)
    review = SealedField(zone="case", null=True)

    class Meta:
        db_table = "casework_break_glass"
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["user", "until"], name="casework_glass_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opened_at=None, until=None, approved_by=None)
                | models.Q(opened_at__isnull=False, until__isnull=False, until__gte=models.F("opened_at")),
                name="casework_opened_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("user")),
                name="casework_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None, reviewed_at=None, outcome="")
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False, opened_at__isnull=False)
                & ~models.Q(outcome="")
                & ~models.Q(reviewed_by=models.F("user"))
                & (models.Q(approved_by=None) | ~models.Q(reviewed_by=models.F("approved_by"))),
                name="casework_reviewed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.user_id}"
