import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.casework.models.case import Case


@tracked()
class Decision(models.Model):
    """What was decided in a case (beslut), by whom in the board's name and why. `codes/decisions.toml` says what the codes mean.

    `kind` is what it's about, `outcome` what it came to, `ground` the law, `item` of the delegation order; each as it was on
    the day. `refused` is the intervention that wasn't given. `appeal_until` is counted from the day when she was told.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "kind": OPEN, "outcome": OPEN, "ground": OPEN, "item": OPEN, "prepared_by": OPEN,
        "decided_by": OPEN, "decided_on": OPEN, "refused": OPEN, "motivation": PERSONAL, "appeal": OPEN, "told_on": OPEN,
        "appeal_until": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=64)
    outcome = models.CharField(max_length=64)
    ground = models.CharField(max_length=64)
    item = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    refused = models.CharField(max_length=64, blank=True)
    motivation = SealedField(zone="case", key_of="case_id")
    appeal = models.CharField(max_length=64, blank=True)
    told_on = models.DateField(null=True)
    appeal_until = models.DateField(null=True)

    class Meta:
        db_table = "casework_decision"
        ordering = ["-decided_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(prepared_by=None) | ~models.Q(prepared_by=models.F("decided_by")),
                name="casework_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(appeal_until=None)
                | models.Q(told_on__isnull=False, appeal_until__gt=models.F("told_on")) & ~models.Q(appeal=""),
                name="casework_appeal_is_counted_from_telling",
            ),
            models.CheckConstraint(
                condition=models.Q(told_on=None) | models.Q(appeal="") | models.Q(appeal_until__isnull=False),
                name="casework_told_has_last_day",
            ),
            models.CheckConstraint(
                condition=models.Q(told_on=None) | models.Q(told_on__gte=models.F("decided_on")),
                name="casework_told_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


@tracked()
class RefusalReason(models.Model):
    """Why something was refused (avslagsskäl): a code valid on the day of decision."""

    privacy = {"id": OPEN, "decision": OPEN, "code": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=64)

    class Meta:
        db_table = "casework_refusal_reason"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["decision", "code"], name="casework_each_refusal_reason_once")]

    def __str__(self) -> str:
        return self.code
