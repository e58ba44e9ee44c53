"""Change a zone's key while everybody works: what was sealed to an old version is sealed to the newest.

Only the small sealed keys change, not what they close. Each is written if it's still the one that was read, so nobody who
works meanwhile is in the way or loses anything; a new scan is made until nothing is left on an old version.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from fridhem.foundation.crypto.box_field import MARK, VERSION, BoxField, apart
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import sealed_fields
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.object_keys import wrapped
from fridhem.foundation.keys.client import KeyService, Wrapped

BATCH = 500


def left(zone: str, keys: KeyService) -> int:
    """How many keys are still sealed to an old version of the zone's."""
    newest = keys.newest(zone)
    boxes = sum(_old_boxes(field, newest).count() for field in _box_fields(zone))
    return boxes + ObjectKey.objects.filter(zone=zone, version__lt=newest).count()


def renew(zone: str, keys: KeyService) -> Iterator[int]:
    """Seal every key of the zone to its newest version; yields how many were, batch by batch.

    What a writer puts in under the old version meanwhile is taken by the next run: run again until `left` stays 0. A damaged
    one is left as it is: it opens for nobody, before or after.
    """
    newest = keys.newest(zone)
    for rows in _batches(ObjectKey.objects.filter(zone=zone, version__lt=newest)):
        yield sum(_renew_key(row, new) for row, new in _renewed(keys, rows, [wrapped(row) for row in rows]))
    for field in _box_fields(zone):
        for rows in _batches(_old_boxes(field, newest)):
            held = [field.wrapped(apart(row.__dict__[field.attname]), row) for row in rows]
            yield sum(_renew_box(field, row, new) for row, new in _renewed(keys, rows, held))


def _batches(rows: models.QuerySet) -> Iterator[list[Any]]:
    """All rows in order of their keys, some at a time."""
    after = UUID(int=0)
    while batch := list(rows.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield batch
        after = batch[-1].pk


def _renewed(keys: KeyService, rows: list[Any], held: list[Wrapped]) -> Iterator[tuple[Any, Wrapped]]:
    """Each row with its renewed key, without those that are damaged."""
    try:
        yield from zip(rows, keys.rewrap(held), strict=True)
    except Unopenable:
        for row, one in zip(rows, held, strict=True):
            with suppress(Unopenable):
                yield row, keys.rewrap([one])[0]


def _renew_key(row: ObjectKey, new: Wrapped) -> int:
    return ObjectKey.objects.filter(pk=row.pk, version=row.version).update(version=new.version, box=new.box)


def _renew_box(field: BoxField, row: models.Model, new: Wrapped) -> int:
    old = row.__dict__[field.attname]
    renewed = apart(old)._replace(version=new.version, key=new.box).joined()
    table, column = (connection.ops.quote_name(str(name)) for name in (field.model._meta.db_table, field.column))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s AND {column} = %s", [renewed, row.pk, bytes(old)])
        return int(cursor.rowcount)


def _box_fields(zone: str) -> list[BoxField]:
    models_of_ours = [model for model in apps.get_models() if model._meta.managed]
    return [f for model in models_of_ours for f in sealed_fields(model) if isinstance(f, BoxField) and f.zone == zone]


def _old_boxes(field: BoxField, newest: int) -> models.QuerySet:
    """The rows whose box is sealed to an older version: it stands after the mark."""
    version = models.Func(
        models.F(field.attname), len(MARK) + 1, VERSION, function="substring", output_field=models.BinaryField()
    )
    mark = models.Func(models.F(field.attname), 1, len(MARK), function="substring", output_field=models.BinaryField())
    rows = field.model._default_manager.annotate(_mark=mark, _version=version).filter(_mark=MARK)
    return rows.filter(_version__lt=newest.to_bytes(VERSION, "big"))
