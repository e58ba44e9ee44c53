import uuid

from django.db import models

from fridhem.foundation.crypto.privacy import OPEN


class ObjectKey(models.Model):
    """The key of one object (a case, a person, an address), sealed to its zone: only the key service takes it out.

    Everything that is personal about the object in that zone is sealed under this one key, so to open the object is one
    question, and to destroy the key destroys it all. `version` is the version of the zone's own key.
    """

    privacy = {"id": OPEN, "zone": OPEN, "subject": OPEN, "version": OPEN, "box": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.CharField(max_length=20)
    subject = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    box = models.BinaryField()

    class Meta:
        db_table = "crypto_object_key"
        constraints = [models.UniqueConstraint(fields=["subject", "zone"], name="crypto_one_key_each")]
        indexes = [models.Index(fields=["zone", "version"], name="crypto_by_version")]

    def __str__(self) -> str:
        return f"{self.zone} {self.subject}"
