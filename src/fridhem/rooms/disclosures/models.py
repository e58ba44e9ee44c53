"""What left the house, or was about to. The roles may add and never change: where a disclosure stands follows from its rows.

Nobody may delete a row; retention's worker may call the functions that the models name (`destroyed_by`). Only an export, which
is on its way to become a disclosure, is changed.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.disclosures.enums import ExportStatus, Recipient, Way


class Disclosure(models.Model):
    """A text and files on their way to someone, with what the check said.

    `findings`: as `pure.outbound.Finding`, without values; `unchecked`: what couldn't be read. `withheld`: the kinds that were
    left out on purpose. `person`: who in the matter the recipient is, if one of them.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "number": OPEN, "recipient": OPEN,
        "to": PERSONAL, "person": OPEN, "ground": OPEN, "text": PERSONAL,
        "withheld": OPEN, "findings": PERSONAL, "unchecked": PERSONAL, "is_stopped": OPEN, "made_by": OPEN, "made_at": OPEN,
    }  # fmt: skip

    destroyed_by = "disclosures_destroy_disclosures"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=12)  # the case's, for those who read the ledger and not the case
    recipient = models.CharField(max_length=30, choices=Recipient.choices)
    to = SealedField(zone="case", key_of="case_id")
    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=64)
    text = SealedField(zone="case", key_of="case_id")
    withheld = ArrayField(models.CharField(max_length=20), default=list)
    findings = SealedField(zone="case", key_of="case_id")
    unchecked = SealedField(zone="case", key_of="case_id")
    is_stopped = models.BooleanField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "disclosures_disclosure"
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["case", "-made_at"], name="disclosures_by_case"),
            models.Index(fields=["-made_at"], name="disclosures_by_time"),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"


class File(models.Model):
    """A file of a disclosure. `about`: its name and the SHA-256 of its content, sealed; kind and size lie in clear."""

    privacy = {"id": OPEN, "disclosure": OPEN, "case": OPEN, "about": PERSONAL, "content": PERSONAL, "kind": OPEN, "size": OPEN}

    destroyed_by = "disclosures_destroy_files"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="files")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    about = SealedField(zone="case", key_of="case_id")
    content = SealedField(zone="case", key_of="case_id")  # base64
    kind = models.CharField(max_length=12)
    size = models.PositiveIntegerField()  # bytes

    class Meta:
        db_table = "disclosures_file"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"file {self.pk}"


class Allowance(models.Model):
    """That someone let a stopped disclosure pass, and why. It takes two, and the same person is never both."""

    privacy = {"id": OPEN, "disclosure": OPEN, "case": OPEN, "place": OPEN, "by": OPEN, "at": OPEN, "reason": PERSONAL}

    destroyed_by = "disclosures_destroy_allowances"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="allowances")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = SealedField(zone="case", key_of="case_id")

    class Meta:
        db_table = "disclosures_allowance"
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "place"], name="disclosures_one_first_one_second"),
            models.UniqueConstraint(fields=["disclosure", "by"], name="disclosures_two_different_people"),
            models.CheckConstraint(condition=models.Q(place__in=(1, 2)), name="disclosures_two_places"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.place}"


class Departure(models.Model):
    """That a disclosure left the house: once, by whom and how."""

    privacy = {"id": OPEN, "disclosure": OPEN, "by": OPEN, "at": OPEN, "way": OPEN}

    destroyed_by = "disclosures_destroy_departures"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="departure")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=20, choices=Way.choices)

    class Meta:
        db_table = "disclosures_departure"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.way}"


@tracked(but=("content", "seen"))
class Export(models.Model):
    """The whole file of a case, from when someone asks for it until it's a disclosure like any other, or destroyed.

    `content` is first what is given, already masked, then the packed file (base64). `withheld`: the kinds that were masked.
    `seen` of `total` parts are packed.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "recipient": OPEN, "to": PERSONAL, "person": OPEN, "ground": OPEN, "withheld": OPEN,
        "status": OPEN, "content": PERSONAL, "total": OPEN, "seen": OPEN, "ordered_by": OPEN, "ordered_at": OPEN,
        "disclosure": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=30, choices=Recipient.choices)
    to = SealedField(zone="case", key_of="case_id")
    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=64)
    withheld = ArrayField(models.CharField(max_length=20), default=list)
    status = models.CharField(max_length=10, choices=ExportStatus.choices, default=ExportStatus.ORDERED)
    content = SealedField(zone="case", key_of="case_id", null=True)
    total = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, null=True, related_name="export")

    class Meta:
        db_table = "disclosures_export"
        ordering = ["-ordered_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=(ExportStatus.ORDERED, ExportStatus.MADE), content__isnull=False, disclosure=None)
                | models.Q(status=ExportStatus.CHECKED, content=None, disclosure__isnull=False)
                | models.Q(status=ExportStatus.DESTROYED, content=None),
                name="disclosures_export_is_kept_once",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
