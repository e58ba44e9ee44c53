"""Django's session engine, over rows that tell nothing: the key as its digest, the content sealed to it.

A session ends when it has been left alone too long, when the day is over, and when its row is taken away, which is how an
account that is closed loses its sessions at the next request. `FRIDHEM_SIGN_IN` says the times.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from json import JSONDecodeError
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import JSONSerializer
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from fridhem.foundation.accounts import providers, sealing
from fridhem.foundation.accounts.models import Session

# What a session's content says, beside what Django and allauth keep there.
ENTRANCE, OPENED, WITHHELD, PROVIDER, MAY_ADD = "entrance", "opened_at", "withheld", "provider", "may_add_passkey"
TOUCH_EVERY = timedelta(seconds=30)


def digest(key: str | None) -> str:
    """What stands in the table for a session key (forty hexadecimal digits)."""
    return sha256((key or "").encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """A session in the database, sealed."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content sealed to its own row."""
        text = JSONSerializer().dumps(session_dict).decode()
        return sealing.seal(text, kind="session", bound_to=digest(self.session_key))

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The content; nothing when it isn't this session's own."""
        try:
            text = sealing.unseal(str(session_data), kind="session", bound_to=digest(self.session_key))
            content: dict[str, Any] = JSONSerializer().loads(text.encode())
        except (sealing.Broken, JSONDecodeError):
            return {}
        return content

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=digest(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=digest(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session, seen just now."""
        now = timezone.now()
        opened = parse_datetime(data.setdefault(OPENED, now.isoformat())) or now
        return Session(
            session_key=digest(self.session_key),
            session_data=self.encode(data),
            expire_date=opened + providers.longest(data.get(PROVIDER)),
            user_id=data.get(SESSION_KEY),
            entrance=data.get(ENTRANCE, ""),
            opened_at=opened,
            seen_at=now,
        )

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        self.row = Session.objects.filter(
            pk=digest(self.session_key), expire_date__gt=now, seen_at__gt=now - providers.limits().idle
        ).first()
        if self.row is None:
            self._session_key = None
        return self.row

    @classmethod
    def clear_expired(cls) -> None:
        """Take away what nobody can use any more."""
        now = timezone.now()
        Session.objects.filter(expire_date__lte=now).delete()
        Session.objects.filter(seen_at__lte=now - providers.limits().idle).delete()


def touch(session: SessionBase, now: datetime) -> None:
    """Note that a session is in use, at most every half minute."""
    row = session.row if isinstance(session, SessionStore) else None
    if row is not None and now - row.seen_at > TOUCH_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=now)


def of(user: UUID) -> QuerySet[Session]:
    """The open sessions of `user`, the latest in use first."""
    now = timezone.now()
    return Session.objects.filter(user=user, expire_date__gt=now, seen_at__gt=now - providers.limits().idle).order_by("-seen_at")


def end_all(user: UUID, *, but: str = "") -> int:
    """End every session of `user`, at their next request; `but` is the digest of one that stays. How many there were."""
    return Session.objects.filter(user=user).exclude(pk=but).delete()[0]
