"""What follows from what: the life of a release."""

from django.utils.translation import gettext as _

from fridhem.pure.refusals import NotNow
from fridhem.rooms.statistics.enums import Status

NEXT: dict[str, frozenset[str]] = {
    Status.ORDERED: frozenset({Status.COUNTING, Status.FAILED}),
    Status.COUNTING: frozenset({Status.COUNTING, Status.READY, Status.FAILED}),  # again, when the worker was interrupted
    Status.READY: frozenset({Status.RELEASED, Status.REPLACED}),
    Status.RELEASED: frozenset({Status.REPLACED}),
    Status.REPLACED: frozenset(),
    Status.FAILED: frozenset(),
}
UNDER_WAY = (Status.ORDERED, Status.COUNTING)


def may_step(status: str, to: str) -> bool:
    """Whether a release in `status` may go to `to`."""
    return to in NEXT[status]


def check_step(status: str, to: str) -> None:
    """Raise `NotNow` when a release in `status` may not go to `to`."""
    if not may_step(status, to):
        raise NotNow(_("The release is already: %(status)s.") % {"status": str(Status(status).label).lower()})
