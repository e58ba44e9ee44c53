from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.rooms.council import actions


class Command(BaseCommand):
    """`council_take_in FILE… --by USERNAME`: what the staff page does, for many files."""

    help = "Take in council documents: read them and file them away in their matters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who takes them in: a board secretary or strategist")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = User.objects.get(username=options["by"], is_active=True)
        except User.DoesNotExist:
            raise CommandError(f"There is no active user called {options['by']}.") from None
        failed = 0
        for path in options["files"]:
            try:
                file = actions.File(path.name, path.read_bytes())
            except OSError as error:
                self.stderr.write(f"{path}: {error.strerror}")
                failed += 1
                continue
            (line,) = actions.take_in([file], by=by, at=timezone.now())
            if line.failed:
                failed += 1
            (self.stderr if line.failed else self.stdout).write(f"{path}: {line.outcome.label}")
        if failed:
            raise CommandError(f"{failed} of {len(options['files'])} files could not be taken in.")
