"""What the present session may not open, whatever the person's role says.

A session made by a password, or by a code that can be told on the phone, keeps the protected zone closed. It's said once for
the whole request, so that no part of it that fetches the user again opens what the session may not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.conf import settings

from fridhem.foundation.accounts.enums import STRONG, Entrance, Zone

NOTHING: frozenset[str] = frozenset()
_withheld: ContextVar[tuple[UUID | None, frozenset[str]]] = ContextVar("fridhem_withheld", default=(None, NOTHING))


def withheld_by(entrance: str) -> frozenset[str]:
    """The zones that a session opened by `entrance` keeps closed; an entrance that nobody knows opens no more than a password."""
    left_over = entrance == Entrance.DEMONSTRATION and not settings.FRIDHEM_DEMO
    return NOTHING if entrance in STRONG and not left_over else frozenset({Zone.PROTECTED.value})


def withheld_from(user: UUID | None) -> frozenset[str]:
    """The zones that are withheld from `user` right now."""
    who, zones = _withheld.get()
    return zones if who is not None and who == user else NOTHING


@contextmanager
def withholding(user: UUID | None, zones: frozenset[str]) -> Iterator[None]:
    """Keep `zones` closed to `user` until the block ends."""
    before = _withheld.set((user, zones))
    try:
        yield
    finally:
        _withheld.reset(before)
