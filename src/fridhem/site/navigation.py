"""The menu, in the order people work. A person sees the doors that the role opens."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import is_open
from fridhem.rooms.assessments import queries as assessments
from fridhem.rooms.retention import queries as retention


@dataclass(frozen=True)
class Door:
    """One line of the menu: its label, the name of its page, what is behind it. It stands there for those the page is for."""

    label: str | Promise
    page: str
    icon: str = ""
    about: str | Promise = ""
    count: Callable[[User], int] | None = None


@dataclass(frozen=True)
class Item:
    """A door as the template shows it."""

    label: str | Promise
    url: str
    active: bool
    icon: str
    about: str | Promise
    count: int


def _due_for_disposal(user: User) -> int:
    return retention.due_count(user, today=timezone.localdate())


def _to_assess(user: User) -> int:
    return assessments.waiting(user, today=timezone.localdate())


DOORS: tuple[Door, ...] = (
    Door(
        _("Inbox"),
        "intake:inbox",
        icon="inbox",
        about=_("Concerns that have come in: read, answer, assess."),
    ),
    Door(
        _("My work"),
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
        _("Assessments"),
        "assessments:reviews",
        icon="journal",
        about=_("What is to be assessed again, and where someone may be in danger."),
        count=_to_assess,
    ),
    Door(
        _("Assessments"),
        "assessments:instruments",
        icon="journal",
        about=_("What the municipality assesses by: read the forms, follow what changes."),
    ),
    Door(
        _("Support without assessment"),
        "support:offers",
        icon="support",
        about=_("What is offered without an investigation, and anonymous contacts."),
    ),
    Door(
        _("Whom do I call?"),
        "support:calls",
        icon="phone",
        about=_("By situation: who answers now, what to say, and what to do meanwhile."),
    ),
    Door(
        _("Disclosures"),
        "disclosures:ledger",
        icon="file",
        about=_("What has left the house, to whom and on what ground."),
    ),
    Door(
        _("Import cases"),
        "importing:extracts",
        icon="upload",
        about=_("Finished cases of the system that was used before, from its extract."),
    ),
    Door(
        _("Core processes"),
        "processes:processes",
        icon="process",
        about=_("How the municipality works, step by step: read the drawings, follow what changes."),
    ),
    Door(
        _("Conformance"),
        "conformance:measurements",
        icon="check",
        about=_("How well the processes are followed: what is late, left out, and where cases wait."),
    ),
    Door(
        _("Internal control"),
        "reviews:reviews",
        icon="check",
        about=_("A sample of cases held against the routine, and what is to be done about what was found."),
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
        _("Disposal"),
        "retention:overview",
        icon="trash",
        about=_("What is kept and why, what must go, and proof of what is gone."),
        count=_due_for_disposal,
    ),
    Door(
        _("Disposal"),
        "retention:proofs",
        icon="trash",
        about=_("Proof of what has been destroyed, and by whose decision."),
    ),
    Door(
        _("Review"),
        "oversight:reviews",
        icon="journal",
        about=_("Who read what, and why: a sample every week."),
    ),
    Door(
        _("Alerts"),
        "oversight:alerts",
        icon="alarm",
        about=_("What someone must look into."),
    ),
    Door(
        _("Staff accounts"),
        "people",
        icon="people",
        about=_("Who works here, by which role, and how they get in."),
    ),
    Door(
        _("Health"),
        "health",
        icon="check",
        about=_("Whether everything runs as it should, and when the last backup was made."),
    ),
)


def menu(user: User, path: str) -> list[Item]:
    """The doors for the signed-in person, the one that `path` lies behind marked. Of two with one label, the first that opens."""
    doors = list({door.label: door for door in reversed(DOORS) if is_open(door.page, user)}.values())[::-1]
    addresses = [reverse(door.page) for door in doors]
    here = max((url for url in addresses if path.startswith(url)), key=len, default="")
    return [
        Item(door.label, url, url == here, door.icon, door.about, door.count(user) if door.count else 0)
        for door, url in zip(doors, addresses, strict=True)
    ]
