from typing import Any

from django.core.management.commands import migrate

from fridhem.foundation.database import rendering


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with rendering.sparingly():
            super().handle(*args, **options)
