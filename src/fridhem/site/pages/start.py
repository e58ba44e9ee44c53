"""The first page: what the house is, and for those who work here, where today's work is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.rooms.oversight import queries as oversight
from fridhem.site.demonstration.concerns import KNOWN_RECEIPT
from fridhem.site.demonstration.staff import STAFF

# What a visitor can try as each role.
STORIES: dict[str, str | Promise] = {
    Role.RECEPTION: _("Reads the concerns that have come in, answers them, and takes them up as cases."),
    Role.CASEWORKER: _("Follows the core process: what is due today, what the law demands, what comes next."),
    Role.TEAM_LEADER: _("Decides on interventions, and sees that nothing is late."),
    Role.STRATEGIST: _("Counts what was done and for whom, in figures that can't betray anyone."),
    Role.SECRETARY: _("Reads motions, opinions and decisions into matters that hold together."),
    Role.COUNCILLOR: _("Follows a promise from the motion to what became of it."),
    Role.AUDITOR: _("Asks how we know."),
    Role.PRIVACY_OFFICER: _("Sees that nobody reads what they needn't."),
    Role.ADMINISTRATOR: _("Runs the house."),
    Role.PROCESS_OWNER: _("Owns how the work is done."),
    Role.PERSONAL_CONTACT: _("Holds the long way together for one person."),
}


@dataclass(frozen=True)
class Figure:
    """One of the demonstration's people, and what can be tried as that person."""

    user: User
    story: str | Promise


def start(request: HttpRequest) -> HttpResponse:
    """Introduce the house; in the demonstration, let the visitor step into each role."""
    user = request.user
    to_answer = oversight.to_answer(user).count() if isinstance(user, User) else 0
    return render(request, "site/start.html", {"figures": _figures(), "receipt": KNOWN_RECEIPT, "to_answer": to_answer})


def _figures() -> list[Figure]:
    if not settings.FRIDHEM_DEMO:
        return []
    order = [username for username, *_ in STAFF]
    people = User.objects.filter(is_active=True, username__in=order).select_related("unit")
    return [Figure(user, STORIES[user.role]) for user in sorted(people, key=lambda user: order.index(user.username))]
