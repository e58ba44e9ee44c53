"""What can be asked of a person, as predicates that a room combines: `in_zone(Zone.CASE) & has_role(Role.CASEWORKER)`.

A predicate takes the user, and the object where there is one: `may_see(user, case)`. Nobody who isn't an active user passes any
of them but `anyone`.
"""

from typing import Any

from rules import Predicate, predicate

from fridhem.foundation.accounts.models import User


@predicate
def anyone() -> bool:
    """Everybody, known or not."""
    return True


@predicate
def signed_in(user: Any) -> bool:
    """Everyone who works here."""
    return isinstance(user, User) and user.is_active


def has_role(*roles: str) -> Predicate:
    """Those who are active in one of `roles`."""
    return Predicate(lambda user: isinstance(user, User) and user.has_role(*roles), name=f"role {' or '.join(roles)}")


def in_zone(zone: str) -> Predicate:
    """Those whose role opens the zone."""
    return Predicate(lambda user: isinstance(user, User) and zone in user.zones, name=f"zone {zone}")
