"""The menu, in the order people work. A person sees the doors that the role opens."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from fridhem.foundation.accounts.enums import Role  # noqa: F401  (the doors are written with it)
from fridhem.foundation.accounts.models import User


@dataclass(frozen=True)
class Door:
    """One line of the menu: its label, the name of its page, whose work it belongs to (empty: everyone's), what is behind it."""

    label: str | Promise
    page: str
    roles: frozenset[str] = frozenset()
    icon: str = ""
    about: str | Promise = ""


@dataclass(frozen=True)
class Item:
    """A door as the template shows it."""

    label: str | Promise
    url: str
    active: bool
    icon: str
    about: str | Promise


DOORS: tuple[Door, ...] = (
    # Door(_("Inbox"), "intake:inbox", frozenset({Role.RECEPTION, Role.TEAM_LEADER}), icon="inbox", about=_("…")),
)


def menu(user: User, path: str) -> list[Item]:
    """The doors for the signed-in person, the one that `path` lies behind marked."""
    items = []
    for door in DOORS:
        if door.roles and not user.has_role(*door.roles):
            continue
        url = reverse(door.page)
        items.append(Item(door.label, url, path.startswith(url), door.icon, door.about))
    return items
