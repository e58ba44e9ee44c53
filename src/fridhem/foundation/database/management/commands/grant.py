from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from fridhem.foundation.database import grants


class Command(BaseCommand):
    help = "Give each database role what the apps declare, and take back the rest. Run after migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            grants.apply()
        if options["verbosity"]:
            self.stdout.write("Database roles have what they need.")
