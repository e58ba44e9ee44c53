import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.foundation.processes.history import Happened
from fridhem.rooms.casework.enums import MoveStatus
from fridhem.rooms.casework.models.case import Case


class ProcessEvent(models.Model):
    """One thing that happened to a case's process: the engine's state can be rebuilt from them. Only grows.

    `number` is its place in the case, `version` the process's at the time, `node` the step it happened to, `event` what was
    raised. `answers` are the codes that steer, `given` what service steps answered; `until` and `days` belong to a changed
    time limit. What moved the case to another version has that version, and in `answers` which step became which.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "number": OPEN, "version": OPEN, "what": OPEN, "at": OPEN, "node": OPEN, "event": OPEN,
        "answers": OPEN, "given": OPEN, "until": OPEN, "days": OPEN, "by": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="process_events")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=20, choices=[(what.value, what.value) for what in Happened])
    at = models.DateTimeField()
    node = models.CharField(max_length=200, blank=True)
    event = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(default=dict)
    given = models.JSONField(default=list)
    until = models.DateField(null=True)
    days = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")  # None: the clock

    class Meta:
        db_table = "casework_process_event"
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="casework_events_in_order")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.what}"


@tracked()
class Move(models.Model):
    """An order to move the cases of one version of a process to another: checked first, then carried out, by the worker.

    `renames` says which step became which; `stuck` lists those that can't be moved, as [case number, why].
    """

    privacy = {
        "id": OPEN, "key": OPEN, "old": OPEN, "new": OPEN, "renames": OPEN, "only": OPEN, "status": OPEN, "ordered_by": OPEN,
        "ordered_at": OPEN, "total": OPEN, "seen": OPEN, "fits": OPEN, "moved": OPEN, "stuck": OPEN, "ended_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    old = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    renames = models.JSONField(default=dict)
    only = models.CharField(max_length=12, blank=True)  # the number of the one case to move; empty for all
    status = models.CharField(max_length=10, choices=MoveStatus.choices, default=MoveStatus.CHECKING)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    fits = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    stuck = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_move"
        ordering = ["-ordered_at"]
        constraints = [models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="casework_moved_elsewhere")]

    def __str__(self) -> str:
        return f"{self.key} {self.old} → {self.new}"

    @property
    def staying(self) -> int:
        """How many cases stay on the old version; `stuck` names the first of them."""
        return self.total - (self.moved if self.status == MoveStatus.DONE else self.fits)
