import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.statistics.enums import Stage, Status


@tracked(but=("table",))
class Release(models.Model):
    """A table for a year on its way from facts to paper. `table` is a `SafeTable` as text: hidden counts aren't in it."""

    privacy = {
        "id": OPEN, "key": OPEN, "year": OPEN, "status": OPEN, "stage": OPEN, "table": OPEN, "small_cells": OPEN,
        "further_cells": OPEN, "failure": OPEN, "ordered_by": OPEN, "ordered_at": OPEN, "extracted_at": OPEN,
        "released_by": OPEN, "released_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ORDERED)
    stage = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    table = models.TextField(blank=True)
    small_cells = models.PositiveIntegerField(null=True)  # for those who release, never for readers
    further_cells = models.PositiveIntegerField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    extracted_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "statistics_release"
        ordering = ["-year", "-ordered_at"]
        indexes = [models.Index(fields=["key", "year", "status"], name="statistics_by_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "year"], condition=models.Q(status=Status.RELEASED), name="statistics_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["key", "year"],
                condition=models.Q(status__in=(Status.ORDERED, Status.COUNTING)),
                name="statistics_one_under_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=(Status.READY, Status.RELEASED)) | ~models.Q(table=""),
                name="statistics_ready_has_table",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.RELEASED) | models.Q(released_by__isnull=False, released_at__isnull=False),
                name="statistics_released_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"
