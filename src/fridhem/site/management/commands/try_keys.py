"""Whether the keys at hand open what lies in the database: the last step of a restore."""

import json
import random
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models

from fridhem.foundation.audit import chain
from fridhem.foundation.crypto.access import unlock
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import SealedField, sealed_fields
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.database.acting import Acting, acting
from fridhem.foundation.keys.vault import ZONES

BATCH = 200  # rows unlocked at a time


class Command(BaseCommand):
    help = "Open so many sealed values, drawn by chance over all columns, and hold the record against its anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--open", type=int, default=1000, help="how many values to open")
        parser.add_argument("--zones", nargs="+", default=sorted(ZONES), help="whose values: those that this process may open")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(Acting(None, "restore", zones=frozenset(options["zones"]))):
            opened, closed = self._open(options["open"], frozenset(options["zones"]))
            links = _check_record()
        if closed:
            raise CommandError(f"{closed} of {opened + closed} values can't be opened.")
        self.stdout.write(json.dumps({"opened": opened, "links": links}))

    def _open(self, wanted: int, zones: frozenset[str]) -> tuple[int, int]:
        """How many values opened, and how many didn't although nobody had them forgotten."""
        found = [(model, field) for model in apps.get_models() for field in sealed_fields(model) if field.zone in zones]
        columns = [(model, field, list(_filled(model, field))) for model, field in found]
        columns.sort(key=lambda each: (not each[1].protected, len(each[2])))  # of what few may be opened of, an even share
        opened = closed = 0
        chance = random.Random()
        for number, (model, field, keys) in enumerate(columns):
            share = max(1, -(-(wanted - opened) // (len(columns) - number)))
            for start in range(0, len(drawn := chance.sample(keys, min(share, len(keys)))), BATCH):
                results = list(_tried(model, field, drawn[start : start + BATCH]))
                opened += results.count(True)
                closed += results.count(False)
        return opened, closed


def _filled(model: type[models.Model], field: SealedField) -> models.QuerySet[Any, Any]:
    """The keys of the rows that have a value there."""
    return model._default_manager.exclude(**{field.name: None}).values_list("pk", flat=True)


def _check_record() -> int:
    """Hold the record's chain against what was anchored of it; how many links. Raises `CommandError` when it is broken.

    Anchors of links that came after the backup have nothing to be held against.
    """
    number, _digest = chain.tail()
    known = [anchor for anchor in key_service().anchors("audit") if anchor.seq <= number]
    faults = chain.verify(known).faults
    if faults:
        raise CommandError(f"The record's chain is broken in {len(faults)} places.")
    return number


def _tried(model: type[models.Model], field: SealedField, keys: list[Any]) -> list[bool | None]:
    """For each row: whether the value opens; None when its key is gone, as it should be for what was forgotten."""
    rows = list(model._default_manager.filter(pk__in=keys))
    unlock(rows, field.name)
    return [_opens(row, field) for row in rows]


def _opens(row: models.Model, field: SealedField) -> bool | None:
    try:
        getattr(row, field.name)
    except Unopenable:
        has_key = ObjectKey.objects.filter(zone=field.zone, subject=field.subject(row)).exists()
        return False if has_key or field.get_internal_type() == "BoxField" else None
    return True
