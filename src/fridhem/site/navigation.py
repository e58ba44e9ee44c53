"""The menu, in the order people work. A person sees the doors that the role opens."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.enums import Role


@dataclass(frozen=True)
class Door:
    """One line of the menu: its label, the name of its page, and whose work it belongs to (empty: everyone's)."""

    label: str
    page: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """A door as the template shows it."""

    label: str
    url: str
    active: bool


DOORS: tuple[Door, ...] = ()


def menu(request: HttpRequest) -> list[Item]:
    """The doors for the signed-in person, the current one marked."""
    items = []
    for door in DOORS:
        if door.roles and not request.user.has_role(*door.roles):
            continue
        url = reverse(door.page)
        items.append(Item(label=door.label, url=url, active=request.path.startswith(url)))
    return items


__all__ = ["Door", "Item", "Role", "_", "menu"]
