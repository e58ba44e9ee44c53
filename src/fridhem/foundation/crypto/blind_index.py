"""Keyed fingerprints: an exact value can be found by them, and nobody without the key can guess what they stand for.

The keys lie in the key service, one for each zone: a copy of the database can't be tried with every identity number there is.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.crypto.service import asking, key_service


class BlindIndexField(models.BinaryField):
    """The fingerprint (16 bytes) of one value."""

    def __init__(self, *args: Any, zone: str = "case", **kwargs: Any) -> None:
        self.zone = zone
        kwargs.update(editable=False, db_index=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "db_index"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "zone": self.zone}


def fingerprint(value: str, *, zone: str) -> bytes:
    """The blind index of `value` in `zone` (16 bytes of HMAC-SHA-256); case, blanks and hyphens don't matter."""
    return fingerprints([value], zone=zone)[0]


def fingerprints(values: Sequence[str], *, zone: str) -> list[bytes]:
    """The blind indexes of many values, with one question to the key service."""
    return key_service().fingerprints(zone, [_folded(value) for value in values], **asking())


def _folded(value: str) -> str:
    text = unicodedata.normalize("NFKC", value).casefold()
    return "".join(sign for sign in text if not (sign.isspace() or sign in "-–+"))


# ── Names ─────────────────────────────────────────────────────────────────

SHORTEST, LONGEST = 3, 12  # letters of the beginnings of words that can be searched for


class NameIndexField(ArrayField):
    """Fingerprints of the beginnings of a name's words: finds `Ann` and `anders` in Anna Andersson.

    A copy of the database tells which rows share a beginning, though not which one: who is protected isn't indexed at all.
    """

    def __init__(self, *args: Any, zone: str = "case", **kwargs: Any) -> None:
        self.zone = zone
        kwargs.update(editable=False, base_field=models.BigIntegerField())
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "base_field"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "zone": self.zone}


def name_index(names: Sequence[str], *, zone: str) -> list[list[int]]:
    """What a `NameIndexField` holds for each name, with one question to the key service."""
    beginnings = [sorted({word[:size] for word in _words(name) for size in _sizes(word)}) for name in names]
    every = sorted({beginning for found in beginnings for beginning in found})
    tokens = dict(zip(every, map(_token, fingerprints(every, zone=zone)), strict=True)) if every else {}
    return [[tokens[beginning] for beginning in found] for found in beginnings]


def name_tokens(typed: str, *, zone: str) -> list[int]:
    """What a row's `NameIndexField` must contain to fit what was typed; empty when no word is long enough."""
    words = sorted({word[:LONGEST] for word in _words(typed) if len(word) >= SHORTEST})
    return [_token(found) for found in fingerprints(words, zone=zone)] if words else []


def _words(name: str) -> list[str]:
    """The words of a name without accents, though å, ä and ö are letters of their own."""
    text = unicodedata.normalize("NFC", name).casefold()
    plain = "".join(sign if sign in "åäö" else unicodedata.normalize("NFD", sign)[0] for sign in text)
    return "".join(sign if sign.isalpha() else " " for sign in plain).split()


def _sizes(word: str) -> range:
    return range(min(SHORTEST, len(word)), min(LONGEST, len(word)) + 1)


def _token(found: bytes) -> int:
    return int.from_bytes(found[:8], "big", signed=True)
