"""What can be known of those who work here, and of one's own way in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Q, QuerySet

from fridhem.foundation.accounts import sessions
from fridhem.foundation.accounts.models import Session, User
from fridhem.foundation.accounts.permissions import keeps_staff


@dataclass(frozen=True)
class Passkey:
    """One of a person's passkeys."""

    pk: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class WaysIn:
    """How a person can get in."""

    passkeys: tuple[Passkey, ...]
    has_app: bool
    has_password: bool
    providers: tuple[str, ...]


def visible_to(user: User) -> QuerySet[User]:
    """The accounts that `user` may keep: all or none."""
    if not keeps_staff(user):
        return User.objects.none()
    passkey = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
    outside = SocialAccount.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.select_related("unit").annotate(has_passkey=Exists(passkey), has_provider=Exists(outside)).order_by("name")
    )


def found(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those of `people` whose name, username or unit holds `words`."""
    return people.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(unit__name__icontains=words))


def ways_in(user: User) -> WaysIn:
    """The keys that `user` has, in the order they were made."""
    keys = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    return WaysIn(
        passkeys=tuple(
            Passkey(key.pk, key.wrap().name, key.created_at, key.last_used_at)
            for key in keys
            if key.type == Authenticator.Type.WEBAUTHN
        ),
        has_app=any(key.type == Authenticator.Type.TOTP for key in keys),
        has_password=user.has_usable_password(),
        providers=tuple(SocialAccount.objects.filter(user=user).values_list("provider", flat=True)),
    )


def has_passkey(user: User) -> bool:
    """Whether `user` has a passkey to sign in with."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists())


def open_sessions(user: User) -> QuerySet[Session]:
    """Where `user` is signed in, the latest in use first."""
    return sessions.of(user.pk)


def is_demonstration() -> bool:
    """Whether the house was made as a demonstration and nobody real has moved in.

    Someone real is an account that the demonstration didn't make and that has a way in of its own.
    """
    keys, outside = Authenticator.objects.filter(user=OuterRef("pk")), SocialAccount.objects.filter(user=OuterRef("pk"))
    real = User.objects.filter(is_invented=False, is_active=True).annotate(has_key=Exists(keys), has_provider=Exists(outside))
    moved_in = any(user.has_key or user.has_provider or user.has_usable_password() for user in real)
    return User.objects.filter(is_invented=True).exists() and not moved_in
