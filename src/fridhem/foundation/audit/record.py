"""Say what was done, in the same transaction as the doing."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import current


class Actor(Protocol):
    """Whoever can act: the audit log needs no more than an id of them."""

    @property
    def pk(self) -> Any: ...


def record(
    verb: str,
    *,
    subject: models.Model | None,
    by: Actor | None,
    at: datetime,
    reason: str = "",
    about: UUID | None = None,
) -> Entry:
    """Add one line: `verb` as `room.thing.done`; `by` is None for the public and for the house itself.

    Call it inside the transaction of the action. `reason` is a code or fixed phrase, never free text about a person. `about` is
    the case or person that the subject belongs to; without it the subject's own `case_id` or `person_id`. The page, task or
    command is known from `acting`, which also keeps count of what was said.
    """
    working = current()
    if working:
        working.said.append(verb)
    return Entry.objects.create(
        verb=verb,
        at=at,
        actor=by.pk if by is not None else None,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject=key_of(subject),
        about=about or getattr(subject, "case_id", None) or getattr(subject, "person_id", None),
        reason=reason,
        purpose=working.purpose if working else "",
    )


def key_of(subject: models.Model | None) -> UUID | None:
    """The id by which the record knows `subject`; None for what has none of its own."""
    return subject.pk if subject is not None and isinstance(subject.pk, UUID) else None
