import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.blind_index import BlindIndexField, NameIndexField
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL, PROTECTED
from fridhem.rooms.persons.enums import DetailKind, RecusalGround, RevealReason


@tracked()
class Person(models.Model):
    """Someone that a case is about. All that tells who it is lies sealed; only the exact identity number finds the row.

    The sealed attributes are named so that nobody shows them by mistake: pages get `queries.Shown` (a test holds them to it).
    """

    privacy = {
        "id": OPEN, "sealed_name": PERSONAL, "name_index": PERSONAL, "sealed_number": PERSONAL, "identity_index": PERSONAL,
        "sealed_protection": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed_name = SealedField(zone="case", db_column="name")
    name_index = NameIndexField(zone="case", null=True)  # None for a protected person: not to be searched for
    sealed_number = SealedField(zone="case", null=True, db_column="identity_number")  # 19850709-9805; None: not known
    identity_index = BlindIndexField(zone="case", null=True)
    sealed_protection = SealedField(zone="case", db_column="protection")  # a `Protection`

    class Meta:
        db_table = "persons_person"
        indexes = [GinIndex(fields=["name_index"], name="persons_by_name")]
        constraints = [models.UniqueConstraint(fields=["identity_index"], name="persons_one_per_identity_number")]

    def __str__(self) -> str:
        return f"person {self.pk}"


@tracked()
class ProtectedDetail(models.Model):
    """Something that could lead someone to the person: a row and a key of its own, so that each is opened alone.

    A detail isn't changed: it ends, and the one that takes its place says which it `replaces`.
    """

    privacy = {
        "id": OPEN, "person": OPEN, "kind": OPEN, "sealed_value": PROTECTED, "valid_from": OPEN, "ended_on": OPEN,
        "added_by": OPEN, "replaces": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="details")
    kind = models.CharField(max_length=20, choices=DetailKind.choices)
    sealed_value = SealedField(zone="protected", protected=True, db_column="value")
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "persons_protected_detail"
        ordering = ["kind", "-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("valid_from")),
                name="persons_detail_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Reveal(models.Model):
    """That a protected detail was shown: to whom, when and why. `words` is the reason in their own words."""

    destroyed_by = "persons_destroy_reveals"  # nobody may delete a row; retention's worker may call this
    privacy = {"id": OPEN, "detail": OPEN, "by": OPEN, "at": OPEN, "reason": OPEN, "words": PERSONAL}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    detail = models.ForeignKey(ProtectedDetail, on_delete=models.PROTECT, related_name="reveals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=20, choices=RevealReason.choices)
    words = SealedField(zone="case", key_of="detail_id")

    class Meta:
        db_table = "persons_reveal"
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason}"


@tracked()
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


class Handling(models.Model):
    """That someone is handling a person right now: they registered or found the person, and have no case yet. Ends by itself."""

    privacy = {"id": OPEN, "person": OPEN, "user": OPEN, "until": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="handlings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        db_table = "persons_handling"
        constraints = [models.UniqueConstraint(fields=["user", "person"], name="persons_one_handling_each")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.person_id}"


@tracked()
class Recusal(models.Model):
    """That someone on the staff must not handle a person (jäv; 16 § förvaltningslagen (2017:900)).

    Whom is kept as a blind index only: it shuts the cases about that person, and nobody can read who it is. It's never removed,
    but lifted by a leader who isn't the one.
    """

    privacy = {
        "id": OPEN, "user": OPEN, "identity_index": PERSONAL, "ground": OPEN, "said_by": OPEN, "said_at": OPEN,
        "lifted_by": OPEN, "lifted_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identity_index = BlindIndexField(zone="case")
    ground = models.CharField(max_length=20, choices=RecusalGround.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "persons_recusal"
        ordering = ["-said_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "identity_index"], condition=models.Q(lifted_at=None), name="persons_one_recusal_each"
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~models.Q(lifted_by=models.F("user")),
                name="persons_recusal_is_lifted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk}"
