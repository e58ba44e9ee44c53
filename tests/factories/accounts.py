"""People who work at the municipality."""

from itertools import count

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User

_numbers = count(1)


def unit(name: str = "Mottagningen") -> Unit:
    return Unit.objects.get_or_create(name=name)[0]


def user(role: str = Role.CASEWORKER, **given) -> User:
    number = next(_numbers)
    values = {"username": f"person{number}", "name": f"Anställd {number}", "role": role, **given}
    values.setdefault("unit", unit())
    return User.objects.create(**values)
