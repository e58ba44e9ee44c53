"""What follows from what in the life of a concern. Plain data in, plain data out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fridhem.pure.deadlines.limits import Limit
from fridhem.pure.refusals import NotNow
from fridhem.rooms.intake.enums import Children, Status, Urgency

# From where to where. A hand-over that came back is assessed again; what the sender adds can open a closed concern.
NEXT: dict[str, frozenset[str]] = {
    Status.RECEIVED: frozenset({Status.ASSESSING, Status.TAKEN_UP, Status.HANDED_OVER, Status.CLOSED}),
    Status.ASSESSING: frozenset({Status.ASSESSING, Status.TAKEN_UP, Status.HANDED_OVER, Status.CLOSED}),
    Status.HANDED_OVER: frozenset({Status.ASSESSING, Status.CLOSED}),
    Status.TAKEN_UP: frozenset(),
    Status.CLOSED: frozenset({Status.ASSESSING}),
}
# Decisions before which a child's need of protection must have been weighed. A hand-over isn't one: it must never be held up.
DECISIONS = frozenset({Status.TAKEN_UP, Status.CLOSED})
# The order of the inbox. A sender who doesn't know how urgent it is may stand beside something that can't wait.
RANK = (Urgency.NOW, Urgency.TODAY, Urgency.UNSURE, Urgency.DAYS, Urgency.LATER)

MAX_TEXT = 20_000  # characters in one text of a concern

# Wrong receipts that all of the world may try together: 0.9 a second and five at once is less than one a second over an hour,
# and at 10,000 living receipts of twenty digits less than 3.2e-9 hits a year (SAFETY, C16).
WRONG_RECEIPTS = {"per_second": 0.9, "most": 5}
OPENINGS_AT_ONCE = 2
# More than so many concerns within so many seconds is a flood: a large municipality has some tens a day.
FLOOD = {"many": 30, "seconds": 600.0}


@dataclass(frozen=True)
class Said:
    """What a sender told us, as it lies in the box. Codes are values of the enums; an empty text was left empty."""

    language: str
    urgency: str
    what: str
    where: str = ""
    about: str = ""
    children: str = Children.UNSURE
    relation: str = ""
    identity: str = ""
    name: str = ""
    contact: str = ""

    @classmethod
    def from_box(cls, content: Mapping[str, Any]) -> "Said":
        """The same from an opened box; what an older or newer version of the form called otherwise is left out."""
        return cls(**{field.name: content.get(field.name, "") for field in fields(cls)})


def number_of(concern_id: UUID) -> str:
    """What a concern is called on the phone; it tells neither order nor person. Not a key: two may share it."""
    return f"O-{concern_id.hex[:5].upper()}"


def retold(said: Said) -> str:
    """All that a sender told us as one text: for when it comes again, changed, after it was received."""
    lines = [
        said.what,
        said.where,
        said.about,
        str(Urgency(said.urgency).label),
        f"{_('Are there children there?')} {Children(said.children).label}",
        said.name,
        said.contact,
    ]
    return "\n\n".join(line for line in lines if line)


def may_step(status: str, to: str) -> bool:
    """Whether a concern in `status` may go to `to`."""
    return to in NEXT[status]


def check_step(status: str, to: str) -> None:
    """Raise `NotNow` when a concern in `status` may not go to `to`."""
    if not may_step(status, to):
        raise NotNow(
            _("The concern is %(status)s, so this can't be done now. Load the page again to see what happened.")
            % {"status": str(Status(status).label).lower()}
        )


def needs_protection_assessment(children: str, assessments: int) -> bool:
    """Whether an immediate protection assessment is still to be made (socialtjänstlagen).

    It is asked for when children may be concerned: a sender who doesn't know is no reason to wait.
    """
    return children != Children.NO and assessments == 0


def check_protection(children: str, assessments: int, to: str) -> None:
    """Raise `NotNow` when a concern about a child is decided without an immediate protection assessment."""
    if to in DECISIONS and needs_protection_assessment(children, assessments):
        raise NotNow(_("A child may be concerned. Make the immediate protection assessment first."))


def due_on(received: date, limit: Limit) -> date:
    """The last day of the `limit` for deciding whether to open an investigation (förhandsbedömning)."""
    return limit.ends(datetime.combine(received, time()))
