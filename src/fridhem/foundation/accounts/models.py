import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from fridhem.foundation.accounts.enums import ZONES_OF, Role
from fridhem.foundation.crypto.privacy import OPEN


class Unit(models.Model):
    """A part of the municipality's organisation, such as the reception unit."""

    privacy = {"id": OPEN, "name": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who works at the municipality: one role at one unit. An official's name at work is public."""

    privacy = {
        "id": OPEN, "username": OPEN, "name": OPEN, "role": OPEN, "unit": OPEN,
        "is_active": OPEN, "password": OPEN, "last_login": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "role"]

    def __str__(self) -> str:
        return self.name

    @property
    def zones(self) -> frozenset[str]:
        """The zones that the person's role opens."""
        return ZONES_OF[self.role] if self.is_active else frozenset()

    def has_role(self, *roles: str) -> bool:
        """Whether the person is active in one of `roles`."""
        return self.is_active and self.role in roles
