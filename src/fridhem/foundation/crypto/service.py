"""This process's way to the key service."""

from functools import cache
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from django.conf import settings

from fridhem.foundation.database.acting import Acting, current
from fridhem.foundation.keys.client import KeyMissing, KeyService


@cache
def key_service() -> KeyService:
    """The key service as this process may use it: the public face seals only."""
    given = settings.FRIDHEM_KEYS
    return KeyService(
        Path(given["public_file"]),
        Path(given["socket"]) if "socket" in given else None,
        bytes.fromhex(given.get("token", "")),
        settings.FRIDHEM_FACE,
    )


def acting_now() -> Acting:
    """For whom something is to be opened. Raises `KeyMissing` when nobody said: nothing opens for nobody."""
    who = current()
    if who is None:
        raise KeyMissing("Nothing opens for nobody: say for whom with `acting`.")
    return who


class Asking(TypedDict):
    """For whom and for which page the key service is asked."""

    user: UUID | None
    purpose: str


def asking() -> Asking:
    """Who asks the key service, and for what."""
    who = acting_now()
    return {"user": who.user, "purpose": who.purpose}
