"""Let someone in for the first time, from the machine itself: that is how the first administrator comes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts import actions
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.database.acting import Acting, acting
from fridhem.pure.refusals import NotNow


class Command(BaseCommand):
    help = "Add an account if it isn't there, and print a one-time code for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", help="needed for a new account")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR.value)
        parser.add_argument("--unit", help="needed for a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(Acting(None, "invite")), transaction.atomic():
            user = User.objects.filter(username=options["username"]).first() or self._add(options)
            code = self._code(user)
        self.stdout.write(f"{user.name}, {user.get_role_display()}\n{code}\nIt holds for a day, at /logga-in/engangskod/.")

    def _add(self, options: dict[str, Any]) -> User:
        if not options["name"] or not options["unit"]:
            raise CommandError("A new account needs --name and --unit.")
        given = {key: options[key] for key in ("username", "name", "role", "unit")}
        return actions.add(by=None, at=timezone.now(), **given)

    def _code(self, user: User) -> str:
        try:
            return actions.hand_out_code(user, by=None, at=timezone.now())
        except NotNow as closed:
            raise CommandError(str(closed)) from closed
