"""What follows from what: the life of a measurement."""

from fridhem.rooms.conformance.enums import Status

LEAST = 5  # behind a median, a name from a log, or a unit in it; fewer would tell of somebody
YEARS = 5  # that can be measured: cases before that are disposed of

NEXT: dict[str, frozenset[str]] = {
    Status.ORDERED: frozenset({Status.COUNTING}),
    Status.COUNTING: frozenset({Status.COUNTING, Status.READY, Status.FAILED}),  # again, when the worker was interrupted
    Status.READY: frozenset({Status.REPLACED}),
    Status.REPLACED: frozenset(),
    Status.FAILED: frozenset(),
}


def may_step(status: str, to: str) -> bool:
    """Whether a measurement in `status` may go to `to`."""
    return to in NEXT[status]
