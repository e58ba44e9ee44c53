import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from fridhem.foundation.accounts import entrances
from fridhem.foundation.accounts.enums import ZONES_OF, Entrance, Role
from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN


@tracked()
class Unit(models.Model):
    """A part of the municipality's organisation, such as the reception unit."""

    privacy = {"id": OPEN, "name": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


@tracked(but=("password", "last_login"))
class User(AbstractBaseUser):
    """A person who works at the municipality: one role at one unit. An official's name at work is public."""

    privacy = {
        "id": OPEN, "username": OPEN, "name": OPEN, "role": OPEN, "unit": OPEN,
        "is_active": OPEN, "password": OPEN, "last_login": OPEN, "is_invented": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)
    is_invented = models.BooleanField(default=False)  # one of the demonstration's people: nobody else is entered by one click

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "role"]

    def __str__(self) -> str:
        return self.name

    @property
    def zones(self) -> frozenset[str]:
        """The zones that the person's role opens, but for those that the session's entrance keeps closed."""
        return ZONES_OF[self.role] - entrances.withheld_from(self.pk) if self.is_active else frozenset()

    def has_role(self, *roles: str) -> bool:
        """Whether the person is active in one of `roles`."""
        return self.is_active and self.role in roles


class Session(AbstractBaseSession):
    """Someone at work in a browser. The key stands as its digest and the content sealed: a copied table opens no session."""

    privacy = {
        "session_key": OPEN, "session_data": OPEN, "expire_date": OPEN,
        "user": OPEN, "entrance": OPEN, "opened_at": OPEN, "seen_at": OPEN, "asked_at": OPEN,
    }  # fmt: skip

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")  # None: not signed in yet
    entrance = models.CharField(max_length=20, choices=Entrance.choices, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    asked_at = models.DateTimeField(default=timezone.now)  # when the provider was last asked whether the person still may

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "accounts_session"


class OneTimeCode(models.Model):
    """A way in for one person, once, to add a passkey. What was handed out isn't kept, only its digest."""

    privacy = {
        "id": OPEN,
        "user": OPEN,
        "digest": OPEN,
        "issued_by": OPEN,
        "issued_at": OPEN,
        "expires_at": OPEN,
        "used_at": OPEN,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: the one who runs the house
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%Y-%m-%d %H:%M}"
