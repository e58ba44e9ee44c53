"""The menu, in the order people work. A person sees the doors that the role opens."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role  # noqa: F401  (the doors below are written with it)


@dataclass(frozen=True)
class Door:
    """One line of the menu: its label, the name of its page, whose work it belongs to (empty: everyone's), what is behind it."""

    label: str
    page: str
    roles: frozenset[str] = frozenset()
    icon: str = ""
    about: str = ""


@dataclass(frozen=True)
class Item:
    """A door as the template shows it."""

    label: str
    url: str
    active: bool
    icon: str
    about: str


DOORS: tuple[Door, ...] = (
    # Door(_("Inbox"), "intake:inbox", frozenset({Role.RECEPTION, Role.TEAM_LEADER}), icon="inbox", about=_("…")),
)


def menu(request: HttpRequest) -> list[Item]:
    """The doors for the signed-in person, the current one marked."""
    items = []
    for door in DOORS:
        if door.roles and not request.user.has_role(*door.roles):
            continue
        url = reverse(door.page)
        items.append(Item(door.label, url, request.path.startswith(url), door.icon, door.about))
    return items
