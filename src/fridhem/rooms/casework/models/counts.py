import uuid

from django.db import models

from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.casework.enums import AgeGroup, Contact


class DisposedCount(models.Model):
    """How many reasons of granted interventions were in cases that are disposed of: what statistics counts, without a case."""

    privacy = {"id": OPEN, "kind": OPEN, "code": OPEN, "age_group": OPEN, "district": OPEN, "year": OPEN, "n": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices)
    district = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "casework_disposed_count"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "age_group", "district", "year"], name="casework_one_count_per_combination"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.year}: {self.n}"


class ContactCount(models.Model):
    """How many cases were opened for a known person, by how soon after an earlier one was closed. Without a case or a person.

    A trigger in the database counts; those who work with cases can't read it.
    """

    privacy = {"id": OPEN, "contact": OPEN, "age_group": OPEN, "district": OPEN, "year": OPEN, "n": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.CharField(max_length=20, choices=Contact.choices)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices)
    district = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "casework_contact_count"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "age_group", "district", "year"], name="casework_one_contact_count_per_combination"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.year}: {self.n}"
