import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.casework.enums import ExtensionAnswer
from fridhem.rooms.casework.models.case import Case, Note

DECIDED = (ExtensionAnswer.GRANTED, ExtensionAnswer.REFUSED)


@tracked()
class Extension(models.Model):
    """That a time limit of a case was asked to be longer, and what was decided. Why is in the journal: `note`, `answer_note`.

    `node` is the step or part of the process that has the time limit, `limit` the law or routine behind it; `was` its last day
    when it was asked, `until` the new one. `four_eyes`: the law or routine wanted two.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "node": OPEN, "limit": OPEN, "was": OPEN, "until": OPEN, "four_eyes": OPEN, "asked_by": OPEN,
        "asked_at": OPEN, "note": OPEN, "answer": OPEN, "answered_by": OPEN, "answered_at": OPEN, "answer_note": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    node = models.CharField(max_length=200)
    limit = models.CharField(max_length=64)
    was = models.DateField()
    until = models.DateField()
    four_eyes = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=ExtensionAnswer.choices, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_note = models.ForeignKey(Note, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "casework_extension"
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("was")), name="casework_extension_is_longer"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_by=None, answered_at=None)
                | models.Q(answer=ExtensionAnswer.LAPSED, answered_by=None, answered_at__isnull=False)
                | models.Q(answer__in=DECIDED, answered_by__isnull=False, answered_at__isnull=False),
                name="casework_extension_answered_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(four_eyes=False) | models.Q(answered_by=None) | ~models.Q(answered_by=models.F("asked_by")),
                name="casework_extension_by_another",
            ),
            models.UniqueConstraint(
                fields=["case", "node"], condition=models.Q(answer=""), name="casework_one_extension_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.node} {self.until}"
