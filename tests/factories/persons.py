"""People in cases: invented, with identity numbers that are never assigned."""

import datetime as dt
from itertools import count

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.pure import identity
from fridhem.rooms.persons import actions
from fridhem.rooms.persons.models import Person
from tests.factories import accounts

_numbers = count(1)
BORN = dt.date(1985, 7, 9)


def person(**given) -> Person:
    number = next(_numbers)
    born = BORN + dt.timedelta(days=number)
    values = {"name": f"Person {number}", "identity_number": identity.test_number(born, number), **given}
    values.setdefault("by", accounts.user(Role.CASEWORKER))
    values.setdefault("at", timezone.now())
    return actions.register(**values)
