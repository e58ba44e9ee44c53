"""Sealed fields: what is personal lies in the database as ciphertext that fits one row and one column only.

XChaCha20-Poly1305 with the place as associated data: a ciphertext moved to another row, column, table or zone is refused, not
misread. Rows that hold sealed fields have a UUID key, known before they are saved. Reading a row opens nothing: a value is
opened when it is asked for, so a list never opens what it doesn't show.
"""

import hmac
import json
import unicodedata
from typing import Any

from django.db import models
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.keys import keyring

NONCE = 24
VERSION = 2  # bytes that name the key version


class Sealed(bytes):
    """A value as it lies in the database, not yet opened."""


class SealedField(models.BinaryField):
    """A JSON value (text, number, list, object) sealed to a zone.

    `zone` names whose key; `protected` marks what may cost a life (an address, a school) and not only privacy.
    """

    _pyi_private_get_type: Any  # for the type checker: what is opened is any JSON value
    _pyi_private_set_type: Any

    def __init__(self, *args: Any, zone: str = "case", protected: bool = False, **kwargs: Any) -> None:
        self.zone = zone
        self.protected = protected
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, {**kwargs, "zone": self.zone, "protected": self.protected}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opener(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, Sealed):
            return held
        return self.seal(held, model_instance)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("A sealed field can't be searched or set by value; save the row.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_default(self) -> Any:
        return None if self.null else ""

    def seal(self, value: Any, row: models.Model) -> Sealed:
        """The ciphertext of `value` for this column of `row`."""
        keys = keyring().field_keys(self.zone)
        version = max(keys)
        nonce = random(NONCE)
        text = json.dumps(value, ensure_ascii=False).encode()
        place = self._place(row, version)
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(text, place, nonce, keys[version])
        return Sealed(version.to_bytes(VERSION, "big") + nonce + sealed)

    def open(self, sealed: bytes, row: models.Model) -> Any:
        """What `seal` closed. Raises `Unopenable` when it was damaged or belongs elsewhere, `KeyMissing` without the key."""
        version = int.from_bytes(sealed[:VERSION], "big")
        nonce, body = sealed[VERSION : VERSION + NONCE], sealed[VERSION + NONCE :]
        keys = keyring().field_keys(self.zone)
        try:
            text = crypto_aead_xchacha20poly1305_ietf_decrypt(body, self._place(row, version), nonce, keys[version])
        except (CryptoError, KeyError, TypeError, ValueError):
            raise Unopenable("This value can't be opened.") from None
        return json.loads(text)

    def _place(self, row: models.Model, version: int) -> bytes:
        return "|".join((self.zone, row._meta.db_table, str(row.pk), str(self.column), str(version))).encode()


class _Opener:
    """Opens a sealed value the first time it is read, and keeps it on the row."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        held = row.__dict__[self.field.attname]
        return self.field.open(held, row) if isinstance(held, Sealed) else held

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class BlindIndexField(models.BinaryField):
    """A keyed fingerprint by which an exact value can be found, and by which nobody without the key can guess it."""

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
    folded = unicodedata.normalize("NFKC", value).casefold()
    kept = "".join(sign for sign in folded if not (sign.isspace() or sign in "-–+"))
    return hmac.digest(keyring().index_key(zone), kept.encode(), "sha256")[:16]
