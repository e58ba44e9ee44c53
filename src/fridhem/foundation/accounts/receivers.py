"""What django-allauth tells of keys becomes lines in the record, in the same transaction."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record


@receiver(authenticator_added, dispatch_uid="fridhem.key_added")
def key_added(user: User, authenticator: Authenticator, **_more: Any) -> None:
    """A passkey, an app or recovery codes: added."""
    if Authenticator.objects.filter(pk=authenticator.pk).exists():  # allauth makes recovery codes that are taken away at once
        record("accounts.key.added", subject=user, by=user, at=timezone.now(), reason=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="fridhem.key_removed")
def key_removed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    """A passkey, an app or recovery codes: removed."""
    record("accounts.key.removed", subject=user, by=user, at=timezone.now(), reason=authenticator.type)


@receiver(authentication_failed, dispatch_uid="fridhem.key_failed")
def key_failed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    """A code that was wrong, after a password that was right."""
    record("accounts.user.sign_in_failed", subject=user, by=None, at=timezone.now(), reason=authenticator.type)
