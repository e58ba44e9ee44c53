import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.conformance.enums import Source, Status

UNDER_WAY = (Status.ORDERED, Status.COUNTING)


@tracked(but=("log", "table", "cases"))
class Measurement(models.Model):
    """How well one core process was followed: in a year's own cases, or in a log from another system.

    `table` and `cases` are `SafeTable`s as text, so hidden counts aren't in them. `medians`: days by step, or by step and unit,
    where enough are behind them; `unknown`: what a log has that the process doesn't, with how many cases. `log` is what's left
    of a log until it has been counted: no case is named in it.
    """

    privacy = {
        "id": OPEN, "source": OPEN, "key": OPEN, "version": OPEN, "year": OPEN, "status": OPEN, "seen": OPEN, "total": OPEN,
        "table": OPEN, "cases": OPEN, "medians": OPEN, "unknown": OPEN, "failure": OPEN, "log": PERSONAL, "ordered_by": OPEN,
        "ordered_at": OPEN, "counted_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices)
    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField(null=True)  # of the process that a log is held against
    year = models.PositiveSmallIntegerField(null=True)  # in which the steps of our own cases were begun
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ORDERED)
    seen = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    table = models.TextField(blank=True)
    cases = models.TextField(blank=True)
    medians = models.JSONField(default=dict)
    unknown = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    log = SealedField(zone="case", null=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conformance_measurement"
        ordering = ["-ordered_at"]
        indexes = [models.Index(fields=["-ordered_at"], name="conformance_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "year"], condition=models.Q(status__in=UNDER_WAY), name="conformance_one_under_way"
            ),
            models.UniqueConstraint(
                fields=["key", "year"], condition=models.Q(status=Status.READY), name="conformance_one_ready"
            ),
            models.CheckConstraint(
                condition=models.Q(source=Source.CASES, year__isnull=False, version=None, log=None)
                | models.Q(source=Source.LOG, year=None, version__isnull=False),
                name="conformance_a_year_or_a_log",
            ),
            models.CheckConstraint(
                condition=models.Q(log=None) | models.Q(status__in=UNDER_WAY), name="conformance_no_log_is_kept"
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.READY, counted_at__isnull=False) & ~models.Q(table="")
                | ~models.Q(status=Status.READY) & models.Q(table=""),
                name="conformance_a_table_when_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year or self.version}"
