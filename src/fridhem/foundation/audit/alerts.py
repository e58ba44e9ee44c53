"""Tell those who must know, so that it can't be overlooked and never disappears."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import models

from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert
from fridhem.foundation.audit.record import Actor, key_of


def alert(
    kind: str,
    *,
    subject: models.Model | None,
    about_user: Actor | None,
    at: datetime,
    roles: Collection[str],
    unit: UUID | None = None,
) -> Alert:
    """Raise an alert to everyone in one of `roles` (of `unit`, when it's given), in the transaction of what caused it.

    `subject` is the case or the row it's about, `about_user` the colleague whose doing it is. It stays open until a named person
    has acknowledged it with an outcome. Raises ValueError for an unknown kind and for no roles.
    """
    if not roles:
        raise ValueError("An alert that nobody hears is none.")
    return Alert.objects.create(
        kind=AlertKind(kind),
        at=at,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject=key_of(subject),
        about_user=about_user.pk if about_user is not None else None,
        roles=sorted(roles),
        unit=unit,
    )


def is_open(kind: str) -> bool:
    """Whether an alert of the kind waits for someone."""
    return Alert.objects.filter(kind=kind, acknowledgement=None).exists()
