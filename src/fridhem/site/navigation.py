"""The menu, in the order people work. A person sees the doors that the role opens."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import is_open


@dataclass(frozen=True)
class Door:
    """One line of the menu: its label, the name of its page, what is behind it. It stands there for those the page is for."""

    label: str | Promise
    page: str
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
    Door(
        _("Inbox"),
        "intake:inbox",
        icon="inbox",
        about=_("Concerns that have come in: read, answer, assess."),
    ),
    Door(
        _("To do"),
        "casework:work",
        icon="plan",
        about=_("Your steps in the cases: what is due, and why."),
    ),
    Door(
        _("Cases"),
        "casework:cases",
        icon="case",
        about=_("Where each case stands, its journal and its interventions."),
    ),
    Door(
        _("Statistics"),
        "statistics:table",
        icon="chart",
        about=_("What was done and why, in figures that betray nobody."),
    ),
    Door(
        _("Council"),
        "council:matters",
        icon="council",
        about=_("Motions, answers and decisions, put together into matters."),
    ),
    Door(
        _("Staff accounts"),
        "people",
        icon="people",
        about=_("Who works here, by which role, and how they get in."),
    ),
)


def menu(user: User, path: str) -> list[Item]:
    """The doors for the signed-in person, the one that `path` lies behind marked."""
    doors = [door for door in DOORS if is_open(door.page, user)]
    addresses = [reverse(door.page) for door in doors]
    here = max((url for url in addresses if path.startswith(url)), key=len, default="")
    return [Item(door.label, url, url == here, door.icon, door.about) for door, url in zip(doors, addresses, strict=True)]
