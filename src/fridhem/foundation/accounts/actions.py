"""What can be done with accounts: add, move, close, open again, hand out a way in, end a session."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from fridhem.foundation.accounts import permissions, sessions
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import OneTimeCode, Unit, User
from fridhem.foundation.accounts.providers import Place
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import NotNow

CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike
CODE_LENGTH, CODE_GROUP = 20, 5  # 100 bits
CODE_HOLDS = timedelta(hours=24)


@transaction.atomic
def add(*, by: User | None, at: datetime, username: str, name: str, role: str, unit: str) -> User:
    """A new account, with no way in yet: hand out a one-time code. `by` is None for the one who runs the house.

    Raises `Denied`, `NotNow` when the username is taken, ValueError for an unknown role.
    """
    if by is not None:
        permissions.check_may_keep_staff(by)
    if User.objects.filter(username__iexact=username).exists():
        raise NotNow(_("There is already an account with that username."))
    place = Unit.objects.get_or_create(name=unit)[0]
    user = User(username=username, name=name, role=Role(role).value, unit=place)
    user.set_unusable_password()
    user.save()
    record("accounts.user.added", subject=user, by=by, at=at, reason=user.role)
    return user


@transaction.atomic
def move(user: User, *, by: User, at: datetime, role: str, unit: str) -> User:
    """Give the person another role or unit; who is signed in must sign in anew. Raises `Denied`, ValueError."""
    permissions.check_may_keep_staff(by)
    permissions.check_is_another(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    return _settle(user, by=by, at=at, name=user.name, role=Role(role).value, unit=unit)


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime) -> User:
    """Close the account: every session ends, and every key but the provider's is taken away. Raises `Denied`."""
    permissions.check_may_keep_staff(by)
    permissions.check_is_another(by, user)
    return _close(user, by=by, at=at, reason="administrator")


@transaction.atomic
def reactivate(user: User, *, by: User, at: datetime) -> User:
    """Open the account again; the person needs a new one-time code, or the provider's sign-in. Raises `Denied`."""
    permissions.check_may_keep_staff(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("accounts.user.reactivated", subject=user, by=by, at=at)
    return user


@transaction.atomic
def hand_out_code(user: User, *, by: User | None, at: datetime) -> str:
    """A one-time code by which `user` gets in to add a passkey; the ones before it stop working. Raises `Denied`, `NotNow`.

    Whoever has the code is taken for the person. So when it's for someone who has been in before, the data protection officer
    hears of it.
    """
    if by is not None:
        permissions.check_may_keep_staff(by)
        permissions.check_is_another(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise NotNow(_("The account is closed. Open it again first."))
    drawn = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    OneTimeCode.objects.filter(user=user, used_at=None).delete()
    OneTimeCode.objects.create(user=user, digest=_digest(drawn), issued_by=by, issued_at=at, expires_at=at + CODE_HOLDS)
    record("accounts.code.handed_out", subject=user, by=by, at=at)
    if user.last_login is not None:
        alert(AlertKind.SIGN_IN, subject=user, about_user=by or user, at=at, roles=[Role.PRIVACY_OFFICER])
    return "-".join(drawn[i : i + CODE_GROUP] for i in range(0, CODE_LENGTH, CODE_GROUP))


@transaction.atomic
def use_code(typed: str, *, at: datetime) -> User | None:
    """The person whose code it is, which is then used up; None for any other."""
    digest = _digest("".join(sign for sign in typed.upper() if sign.isalnum()))
    code = OneTimeCode.objects.select_for_update().select_related("user").filter(digest=digest).first()
    if code is None or code.used_at is not None or code.expires_at <= at or not code.user.is_active:
        record("accounts.code.refused", subject=code.user if code else None, by=None, at=at)
        return None
    code.used_at = at
    code.save(update_fields=["used_at"])
    record("accounts.code.used", subject=code.user, by=code.user, at=at)
    return code.user


@transaction.atomic
def end_session(digest: str, *, by: User, at: datetime) -> None:
    """End one of one's own sessions."""
    if sessions.of(by.pk).filter(pk=digest).delete()[0]:
        record("accounts.session.ended", subject=by, by=by, at=at)


@transaction.atomic
def set_password(user: User, password: str, *, at: datetime, kept: str = "") -> None:
    """Choose a password; every other session than the one that is `kept` ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user.pk, but=kept)
    record("accounts.password.set", subject=user, by=user, at=at)


# ── What the municipality's own sign-in decides ───────────────────────────


@transaction.atomic
def join(*, at: datetime, username: str, name: str, place: Place) -> User:
    """An account for someone whom the provider vouches for and whose group has a place here.

    A username that is taken belongs to someone else until an administrator says otherwise: the new one gets a number.
    """
    wanted, number = username, 2
    while User.objects.filter(username__iexact=wanted).exists():
        wanted, number = f"{username}-{number}", number + 1
    user = add(by=None, at=at, username=wanted, name=name, role=place.role, unit=place.unit)
    record("accounts.user.joined", subject=user, by=None, at=at, reason=place.role)
    return user


@transaction.atomic
def follow(user: User, *, at: datetime, name: str, place: Place) -> User:
    """Bring the account in line with the person's group; sessions made under another role end."""
    user = User.objects.select_for_update().get(pk=user.pk)
    return _settle(user, by=None, at=at, name=name or user.name, role=place.role, unit=place.unit)


@transaction.atomic
def shut_out(user: User, *, at: datetime, reason: str) -> int:
    """End every session of someone whom the provider no longer lets in. How many there were."""
    ended = sessions.end_all(user.pk)
    record("accounts.user.shut_out", subject=user, by=None, at=at, reason=reason)
    return ended


# ── Parts of the verbs ────────────────────────────────────────────────────


def _settle(user: User, *, by: User | None, at: datetime, name: str, role: str, unit: str) -> User:
    """Write name, role and unit; a change of the last two ends the sessions."""
    place = Unit.objects.get_or_create(name=unit)[0]
    moved = (user.role, user.unit_id) != (role, place.pk)
    user.name, user.role, user.unit = name, role, place
    user.save(update_fields=["name", "role", "unit"])
    if moved:
        sessions.end_all(user.pk)
        record("accounts.user.moved", subject=user, by=by, at=at, reason=role)
    return user


def _close(user: User, *, by: User | None, at: datetime, reason: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    OneTimeCode.objects.filter(user=user, used_at=None).delete()
    sessions.end_all(user.pk)
    record("accounts.user.deactivated", subject=user, by=by, at=at, reason=reason)
    return user


def _digest(code: str) -> str:
    return sha256(f"fridhem one-time code {code}".encode()).hexdigest()
