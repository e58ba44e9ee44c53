import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.casework.models.case import Case


@tracked()
class CaseLink(models.Model):
    """That two cases belong together though each person has a file of their own.

    `kind`, a code of `codes/links.csv`, is what the person of `other` is to the one of `one`. It opens neither case to anyone,
    and is never changed: it ends.
    """

    privacy = {
        "id": OPEN, "one": OPEN, "other": OPEN, "kind": OPEN, "linked_by": OPEN, "linked_at": OPEN, "ended_by": OPEN,
        "ended_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_link"
        ordering = ["linked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="casework_linked_to_another"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_by__isnull=False, ended_at__gte=models.F("linked_at")),
                name="casework_link_ended_by_whom",
            ),
            models.UniqueConstraint(
                Least("one", "other"), Greatest("one", "other"), condition=models.Q(ended_at=None), name="casework_one_link_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"
