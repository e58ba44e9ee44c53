import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fridhem.foundation.crypto.blind_index import BlindIndexField, NameIndexField
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL, PROTECTED
from fridhem.rooms.persons.enums import Protection


class Person(models.Model):
    """Someone that a case is about. All that tells who it is lies sealed; only the exact identity number finds the row."""

    privacy = {
        "id": OPEN, "name": PERSONAL, "name_index": PERSONAL, "identity_number": PERSONAL, "identity_index": PERSONAL,
        "protection": PERSONAL, "address": PROTECTED,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = SealedField(zone="case")
    name_index = NameIndexField(zone="case", null=True)  # None for a protected person: not to be searched for
    identity_number = SealedField(zone="case", null=True)  # as 19850709-9805; None when it isn't known
    identity_index = BlindIndexField(zone="case", null=True)
    protection = SealedField(zone="case")
    address = SealedField(zone="protected", protected=True, null=True)

    class Meta:
        db_table = "persons_person"
        indexes = [GinIndex(fields=["name_index"], name="persons_by_name")]
        constraints = [models.UniqueConstraint(fields=["identity_index"], name="persons_one_per_identity_number")]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def is_protected(self) -> bool:
        """Whether the person must be masked. What can't be read counts as protected."""
        try:
            return self.protection != Protection.NONE
        except Unopenable:
            return True


class Relation(models.Model):
    """What `other` is to `person`: `kind` is one of `RelationKind`, sealed because it tells about both."""

    privacy = {"id": OPEN, "person": OPEN, "other": OPEN, "kind": PERSONAL}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = SealedField(zone="case", key_of="person_id")

    class Meta:
        db_table = "persons_relation"
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="persons_one_relation_each_way"),
            models.CheckConstraint(condition=~models.Q(person=models.F("other")), name="persons_no_relation_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"relation {self.pk}"
