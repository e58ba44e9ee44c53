"""People who work at the municipality."""

from contextlib import AbstractContextManager
from itertools import count

from django.test import Client

from fridhem.foundation.accounts.enums import Entrance, Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.accounts.sessions import ENTRANCE
from fridhem.foundation.database.acting import Acting, acting

_numbers = count(1)


def unit(name: str = "Mottagningen") -> Unit:
    return Unit.objects.get_or_create(name=name)[0]


def user(role: str = Role.CASEWORKER, **given) -> User:
    number = next(_numbers)
    values = {"username": f"person{number}", "name": f"Anställd {number}", "role": role, **given}
    values.setdefault("unit", unit())
    return User.objects.create(**values)


def sign_in(client: Client, who: User, entrance: str = Entrance.PASSKEY) -> None:
    """Make `client` signed in as `who`, as if by `entrance`."""
    client.force_login(who)
    session = client.session
    session[ENTRANCE] = entrance
    session.save()


def at_work(user: User, purpose: str = "tests") -> AbstractContextManager[Acting]:
    """The house working for `user`, as it does for everyone who asks for a page."""
    return acting(Acting(user.pk, purpose, role=user.role, unit=user.unit_id, zones=user.zones))
