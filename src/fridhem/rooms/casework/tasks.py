"""What the clock does in casework."""

import logging
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.rooms.casework import actions, queries
from fridhem.rooms.casework.actions import moves

logger = logging.getLogger(__name__)


class CasesLeftBehind(RuntimeError):
    """Some cases couldn't be moved; which ones is in the log. The others have been."""


@app.task(name="casework.check_move")
@as_the_house("casework.check_move")
def check_move(move_id: str) -> str:
    """Try the cases of an order on the new version of their process; its new status."""
    return moves.check(UUID(move_id), at=timezone.now()).status


@app.task(name="casework.carry_out_move")
@as_the_house("casework.carry_out_move")
def carry_out_move(move_id: str) -> str:
    """Move the cases of an order; its new status."""
    return moves.carry_out(UUID(move_id), at=timezone.now()).status


@app.periodic(cron="10 4 * * *")
@app.task(queueing_lock="casework.time_limits")
@as_the_house("casework.let_time_limits_pass")
def let_time_limits_pass(timestamp: int) -> int:
    """Every morning: let the time limits that passed do what the diagrams say. How many cases were looked at.

    Each case has a transaction of its own. Raises `CasesLeftBehind` when all the others are done.
    """
    now = timezone.now()
    late = list(queries.with_timers_before(timezone.localdate(now)))
    failed = 0
    for case in late:
        try:
            actions.let_time_pass(case, at=now)
        except Exception as fault:  # noqa: BLE001 - one broken case must not cost the others their night
            failed += 1
            # Neither the message nor the traceback: they may hold what was written about someone.
            logger.error("casework.let_time_pass failed: case %s, %s", case.pk, type(fault).__name__)
    if failed:
        raise CasesLeftBehind(f"The clock couldn't move {failed} of {len(late)} cases.")
    return len(late)
