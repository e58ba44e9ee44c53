"""Seal every object's key to the newest version of its zone's key, while everybody works."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fridhem.foundation.crypto import rotation
from fridhem.foundation.crypto.service import key_service

PAUSE = 1.0  # seconds between two looks: what a writer had begun with the old version is in by then
QUIET = 2  # looks in a row that must find nothing


class Command(BaseCommand):
    help = "Seal every key of a zone to the zone's newest version. Safe to run again, and while everybody works."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("zone")

    def handle(self, *args: Any, zone: str, **options: Any) -> None:
        renewed = quiet = 0
        while quiet < QUIET:
            before = renewed
            for some in rotation.renew(zone, key_service()):
                renewed += some
                self.stdout.write(f"\r    {renewed} keys renewed", ending="")
                self.stdout.flush()
            quiet = quiet + 1 if renewed == before else 0
            time.sleep(PAUSE)
        left = rotation.left(zone, key_service())
        self.stdout.write(f"\r    {renewed} keys renewed" + (f", {left} damaged ones left as they were" if left else ""))
