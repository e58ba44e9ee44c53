"""Sealed fields: what is personal lies in the database as ciphertext that fits one row and one column only.

XChaCha20-Poly1305 under the key of the object that the row belongs to, with the place as associated data: a ciphertext moved
to another municipality, zone, table, row, column or version is refused, not misread. Rows that hold sealed fields have a UUID
key, known before they are saved. Reading a row opens nothing: a value is opened when it is asked for, so a list never opens
what it doesn't show.
"""

import json
from typing import Any
from uuid import UUID

from django.db import models
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from fridhem.foundation.crypto import object_keys
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.service import key_service

NONCE = 24
VERSION = (1).to_bytes(2, "big")  # of the object's key and of this format; stands first and is bound to the rest


class Sealed(bytes):
    """A value as it lies in the database, not yet opened."""


class SealedField(models.BinaryField):
    """A JSON value (text, number, list, object) sealed in a zone.

    `zone` names the wall that the key lies behind; `protected` marks what may cost a life (an address, a school) and not only
    privacy. `key_of` is the attribute that names the object whose key seals it: the row itself, or what it belongs to
    (`case_id`), so that a case opens with one key.
    """

    _pyi_private_get_type: Any  # for the type checker: what is opened is any JSON value
    _pyi_private_set_type: Any

    def __init__(self, *args: Any, zone: str = "case", protected: bool = False, key_of: str = "pk", **kwargs: Any) -> None:
        self.zone = zone
        self.protected = protected
        self.key_of = key_of
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.update(zone=self.zone, protected=self.protected)
        if self.key_of != "pk":
            kwargs["key_of"] = self.key_of
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opener(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, Sealed):
            return held
        return self.seal(held, model_instance, is_new=add)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("A sealed field can't be searched or set by value; save the row.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_default(self) -> Any:
        return None if self.null else ""

    def subject(self, row: models.Model) -> UUID:
        """The object whose key seals this column of `row`."""
        found = getattr(row, self.key_of)
        assert isinstance(found, UUID), "the object that a sealed value belongs to is known before it's sealed"
        return found

    def seal(self, value: Any, row: models.Model, *, is_new: bool = False) -> Sealed:
        """The ciphertext of `value` for this column of `row`; `is_new` when the row isn't in the database yet."""
        key = object_keys.sealing(self.zone, self.subject(row), is_new=is_new and self.key_of == "pk")
        nonce = random(NONCE)
        text = json.dumps(value, ensure_ascii=False).encode()
        return Sealed(VERSION + nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(text, self._place(row), nonce, key))

    def open(self, sealed: bytes, row: models.Model) -> Any:
        """What `seal` closed. Raises `Unopenable` when it was damaged, destroyed or belongs elsewhere, `KeyMissing` when this
        process or this person may not open it."""
        nonce, body = sealed[len(VERSION) : len(VERSION) + NONCE], sealed[len(VERSION) + NONCE :]
        key = object_keys.opening(self.zone, self.subject(row))
        try:
            if sealed[: len(VERSION)] != VERSION:
                raise ValueError
            text = crypto_aead_xchacha20poly1305_ietf_decrypt(body, self._place(row), nonce, key)
        except (CryptoError, TypeError, ValueError):
            raise Unopenable("This value can't be opened.") from None
        return json.loads(text)

    def _place(self, row: models.Model) -> bytes:
        tenant, table = key_service().tenant, row._meta.db_table
        return "|".join((tenant, self.zone, table, str(row.pk), str(self.column), VERSION.hex())).encode()


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
        if not isinstance(held, Sealed):
            return held
        opened = row.__dict__.setdefault("_opened", {})
        if held not in opened:
            opened[held] = self.field.open(held, row)
        return opened[held]

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """The sealed columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
