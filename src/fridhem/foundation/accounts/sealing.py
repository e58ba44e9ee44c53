"""What the staff face seals for itself: sessions, and the secrets behind codes from an app. Its own key, no zone's."""

from base64 import b64decode, b64encode
from functools import cache

from django.conf import settings
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.secret import Aead


class Broken(ValueError):
    """What was sealed has been altered, moved, or sealed with another key."""


@cache
def _box(secret: str, person: bytes) -> Aead:
    return Aead(blake2b(secret.encode(), digest_size=32, person=person, encoder=RawEncoder))


def seal(text: str, *, kind: str, bound_to: str = "") -> str:
    """`text` sealed with the face's own key for `kind` (at most 16 bytes); it opens only where it's `bound_to`."""
    box = _box(settings.SECRET_KEY, kind.encode())
    return b64encode(bytes(box.encrypt(text.encode(), bound_to.encode()))).decode()


def unseal(sealed: str, *, kind: str, bound_to: str = "") -> str:
    """What was sealed. Raises `Broken`."""
    try:
        return _box(settings.SECRET_KEY, kind.encode()).decrypt(b64decode(sealed), bound_to.encode()).decode()
    except (CryptoError, ValueError, TypeError) as error:
        raise Broken("It can't be opened with this face's key.") from error
