"""Open many rows at once: one question to the database and one to the key service, however many rows a list has."""

from collections.abc import Iterable

from django.db import models

from fridhem.foundation.crypto import object_keys
from fridhem.foundation.crypto.box_field import BoxField, Parts, apart
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import Sealed, SealedField, sealed_fields

Place = tuple[SealedField, models.Model]


def unlock(rows: Iterable[models.Model | None], *only: str) -> None:
    """Make ready to open the sealed columns of `rows` (those named, or all that aren't protected).

    What may cost a life is opened one at a time, so it must be named. A damaged one among them spoils nothing: it is refused
    when it's asked for. Raises as `KeyService.unwrap`.
    """
    places = [place for row in rows if row is not None for place in _closed(row, only)]
    object_keys.unlock((field.zone, field.subject(row)) for field, row in places if not isinstance(field, BoxField))
    _unlock_boxes([(field, row) for field, row in places if isinstance(field, BoxField)])


def begin(rows: Iterable[models.Model]) -> None:
    """Make the keys of rows that are about to be saved for the first time, all at once."""
    names = [(field.zone, field.subject(row)) for row in rows for field in sealed_fields(type(row)) if _has_own_key(field, row)]
    object_keys.make(list(dict.fromkeys(names)))


def _closed(row: models.Model, only: tuple[str, ...]) -> list[Place]:
    wanted = [field for field in sealed_fields(type(row)) if (field.name in only if only else not field.protected)]
    return [(field, row) for field in wanted if isinstance(row.__dict__.get(field.attname), Sealed)]


def _has_own_key(field: SealedField, row: models.Model) -> bool:
    return field.key_of == "pk" and not isinstance(field, BoxField) and row.__dict__.get(field.attname) is not None


def _unlock_boxes(places: list[tuple[BoxField, models.Model]]) -> None:
    taken = [(field, row, parts) for field, row in places if (parts := _apart(field, row)) is not None]
    if not taken:
        return
    keys = object_keys.unwrapped([field.wrapped(parts, row) for field, row, parts in taken])
    for (field, row, parts), key in zip(taken, keys, strict=True):
        if key is not None:
            field.keep(key, parts, row)


def _apart(field: BoxField, row: models.Model) -> Parts | None:
    """A box that can't be taken apart is left for the one who asks for its value."""
    try:
        return apart(row.__dict__[field.attname])
    except Unopenable:
        return None
