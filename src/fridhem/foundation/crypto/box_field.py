"""A sealed field that a process can fill without being able to open it.

`SealedField` needs the zone's own key both to close and to open. Here the public half of the zone closes and only the private
half opens, so the public face can take in what it can never read again.
"""

from typing import Any

from django.db import models

from fridhem.foundation.crypto import boxes
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import Sealed, SealedField
from fridhem.foundation.crypto.keys import keyring


class BoxField(SealedField):
    """A JSON value in a box to `zone`, opened when it is asked for.

    The row and column lie in the box with the value: a box that was moved elsewhere is refused, not misread. A column whose
    boxes go to someone outside the house (a sender's own mailbox) is given a zone that no process holds, and rows get what
    `sealed_to` made.
    """

    _pyi_private_get_type: Any  # for the type checker: what is opened is any JSON value
    _pyi_private_set_type: Any

    def seal(self, value: Any, row: models.Model) -> Sealed:
        """The box of `value` for this column of `row`. Raises `KeyMissing` without the zone's public half."""
        return self.sealed_to(keyring().public_half(self.zone), value, row)

    def sealed_to(self, key: Any, value: Any, row: models.Model) -> Sealed:
        """The box of `value` to any public key (`nacl.public.PublicKey`), ready to be set on `row`."""
        return Sealed(boxes.seal({"place": self.place(row), "value": value}, key))

    def open(self, sealed: bytes, row: models.Model) -> Any:
        """What `seal` closed. Raises `Unopenable` when it is damaged or was moved, `KeyMissing` without the private half."""
        return opened(boxes.unseal(sealed, keyring().private_half(self.zone)), self.place(row))

    def place(self, row: models.Model) -> str:
        """Where a box belongs: table, row and column."""
        return f"{row._meta.db_table}|{row.pk}|{self.column}"


def opened(content: Any, place: str) -> Any:
    """The value in a box's `content`, if the box stands where it was put. Raises `Unopenable`."""
    if not isinstance(content, dict) or content.get("place") != place:
        raise Unopenable("This value can't be opened.")
    return content["value"]
