import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN


class _Period(models.Model):
    """From the first day to the last, both included, unless it's ended before. What it opens, it opens those days only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


@tracked()
class Absence(_Period):
    """That a colleague is away, and who stands in: who then reaches what the absent one reaches of cases, and never more."""

    privacy = {
        "id": OPEN, "user": OPEN, "stand_in": OPEN, "first_day": OPEN, "last_day": OPEN, "said_by": OPEN, "said_at": OPEN,
        "ended_at": OPEN,
    }  # fmt: skip

    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "casework_absence"
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["stand_in", "last_day"], name="casework_stands_in")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="casework_absence_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(stand_in=models.F("user")), name="casework_another_stands_in"),
            models.CheckConstraint(
                condition=~models.Q(stand_in=models.F("said_by")), name="casework_stand_in_is_named_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day} {self.last_day}"


@tracked()
class Delegation(_Period):
    """That a team leader (`said_by`) lets someone at the unit decide: the leader's steps with one form in one process."""

    privacy = {
        "id": OPEN, "user": OPEN, "process": OPEN, "form": OPEN, "first_day": OPEN, "last_day": OPEN, "said_by": OPEN,
        "said_at": OPEN, "ended_at": OPEN,
    }  # fmt: skip

    process = models.CharField(max_length=64)
    form = models.CharField(max_length=64)

    class Meta:
        db_table = "casework_delegation"
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["user", "last_day"], name="casework_decides_for")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="casework_delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("said_by")), name="casework_delegated_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.process} {self.form}"
