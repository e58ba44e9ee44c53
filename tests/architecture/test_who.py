"""For whom every page is and who passes every permission of a role alone, as one table: `who.txt` beside this file.

A line changes only when somebody meant it. `WHO=1 pytest tests/architecture/test_who.py` draws the table anew, to be read before
it's committed.
"""

import importlib
import inspect
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver
from rules import Predicate

from fridhem.foundation.accounts import entrances, pages
from fridhem.foundation.accounts.enums import ZONES_OF, Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("who.txt")
SOURCE = Path(__file__).parent.parent.parent / "src" / "fridhem"
Asks = Callable[[User], bool]
WORKS_WITH_CASES = [Role.RECEPTION, Role.CASEWORKER, Role.TEAM_LEADER]
# Where a zone decides among roles that are named: who passes when they all have it.
SAID_BY_THE_ZONE = {
    "disclosures.permissions.allows_second": WORKS_WITH_CASES,
    "persons.permissions.check_may_reveal_details": WORKS_WITH_CASES,
    "persons.permissions.may_reveal_details": WORKS_WITH_CASES,
}


def asked() -> Iterator[tuple[str, Asks]]:
    """Every page of the staff face, every predicate of a person alone and every door that asks of one."""
    for pattern, name in pages.walk(get_resolver("fridhem.site.urls.staff").url_patterns):
        policy = pages.policy_of(pattern.callback)
        assert policy
        yield name, policy.test
    for path in sorted(SOURCE.rglob("permissions.py")):
        module = importlib.import_module(".".join(("fridhem", *path.relative_to(SOURCE).with_suffix("").parts)))
        for name, found in sorted(vars(module).items()):
            if (asks := _asks(found, module.__name__)) is not None:
                yield f"{path.parent.name}.permissions.{name}", asks


def _asks(found: object, module: str) -> Asks | None:
    if isinstance(found, Predicate):
        return found.test if found.num_args < 2 else None
    if inspect.isfunction(found) and found.__module__ == module and found.__name__.startswith("check_"):
        return _passes(found) if [*inspect.signature(found).parameters] == ["user"] else None
    return None


def _passes(check: Callable[[User], None]) -> Asks:
    def passing(user: User) -> bool:
        try:
            check(user)
        except Denied:
            return False
        return True

    return passing


def line(asks: Asks) -> str:
    """Which roles pass, and which still do when a zone is withheld from the session."""
    whole = _roles(asks)
    without = {zone: left for zone in Zone.values if (left := _roles(asks, zone)) != whole}
    return " | ".join([_said(whole), *(f"without {zone}: {_said(left)}" for zone, left in without.items())])


def _roles(asks: Asks, withheld: str = "") -> list[str]:
    found = ["visitor"] * asks(AnonymousUser())  # type: ignore[arg-type]
    for role in Role.values:
        user = User(pk=uuid4(), role=role, is_active=True)
        with entrances.withholding(user.pk, frozenset({withheld})):
            found += [role] * asks(user)
    return found


def _said(roles: list[str]) -> str:
    known = {("visitor", *Role.values): "anyone", tuple(Role.values): "everyone", (): "nobody"}
    return known.get(tuple(roles), " ".join(roles))


def drawn() -> list[str]:
    """The table as it is."""
    return sorted({f"{name} = {line(asks)}" for name, asks in _of_a_person_alone()})


def test_every_page_and_permission_is_for_those_it_was_for():
    if os.environ.get("WHO"):
        TABLE.write_text("\n".join(drawn()) + "\n", encoding="utf-8")

    assert drawn() == TABLE.read_text(encoding="utf-8").splitlines()


def test_a_zone_alone_opens_nothing(monkeypatch):
    """Whoever is given every zone passes where the role is named only; who opens what is protected is said by the zone."""
    before = {name: _roles(asks) for name, asks in _of_a_person_alone()}
    for role in Role.values:
        monkeypatch.setitem(ZONES_OF, role, frozenset(Zone.values))

    after = {name: _roles(asks) for name, asks in _of_a_person_alone()}
    assert {name: roles for name, roles in after.items() if roles != before[name]} == SAID_BY_THE_ZONE


def _of_a_person_alone() -> Iterator[tuple[str, Asks]]:
    for name, asks in asked():
        try:
            _roles(asks)
        except AttributeError:  # it's combined of what asks of an object
            continue
        yield name, asks
