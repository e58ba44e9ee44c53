"""What follows from what: which protection is the stronger, who hears that a detail was shown, when a detail may end."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.pure.refusals import NotNow
from fridhem.rooms.persons.enums import Protection

# From the weakest to the strongest: what the municipality marks itself, then what the Tax Agency and the court decide.
STRENGTH: tuple[str, ...] = (
    Protection.NONE,
    Protection.LOCAL,
    Protection.CONFIDENTIALITY_MARKING,
    Protection.PROTECTED_REGISTRATION,
    Protection.FICTITIOUS,
)


def is_stronger(protection: str, than: str) -> bool:
    """Whether a protection hides more than another one. Raises ValueError for an unknown word."""
    return STRENGTH.index(protection) > STRENGTH.index(than)


def who_hears(role: str) -> frozenset[str]:
    """The roles that are alerted when someone in `role` was shown a detail: the team leader, another when it was one."""
    return frozenset({Role.PRIVACY_OFFICER if role == Role.TEAM_LEADER else Role.TEAM_LEADER})


def where(hears: frozenset[str], unit: UUID | None) -> UUID | None:
    """The unit whose people hear it: the case's own for its team leader, none in particular for the privacy officer."""
    return unit if Role.TEAM_LEADER in hears else None


def check_runs(ended_on: date | None) -> None:
    """Raise `NotNow` when a detail has ended already."""
    if ended_on is not None:
        raise NotNow(_("The detail has already ended."))


def check_end(ended_on: date, *, valid_from: date, today: date) -> None:
    """A detail ends between its first day and today. Raises `NotNow`."""
    if not valid_from <= ended_on <= today:
        raise NotNow(_("Write a day from the detail's first day until today."))
