"""What follows from what: how large a sample may be, and when a case or a review can be changed."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from fridhem.pure.refusals import NotNow
from fridhem.rooms.reviews.enums import By, Standing, Status, Verdict

LEAST = 5  # reviewed cases before the report has figures; fewer would tell of somebody
MOST = 200  # cases in a sample: what can be read with care
PERIOD = 6  # months that a review is of unless other days are chosen
ENDED = frozenset({Standing.DONE.value, Standing.LEFT_OUT.value})


def wanted(size: int, by: str, *, of: int) -> int:
    """How many cases to draw `of` those there are; a part of a case is a case."""
    found = -(-of * size // 100) if by == By.PERCENT else size
    return min(found, of, MOST)


def last_period(today: date) -> tuple[date, date]:
    """The last whole period before a day: reviews of one after the other have no case in common."""
    ends = (today.year * 12 + today.month - 1) // PERIOD * PERIOD
    first, next_first = (date(month // 12, month % 12 + 1, 1) for month in (ends - PERIOD, ends))
    return first, next_first - timedelta(days=1)


def check_there_are_cases(population: int) -> None:
    """Raises `NotNow`."""
    if not population:
        raise NotNow(_("No case that you may see was opened then. Choose a longer time or another process."))


def check_under_way(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.UNDER_WAY:
        raise NotNow(_("The review is signed off and can't be changed. Draw a new one."))


def check_is_signed(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.SIGNED:
        raise NotNow(_("There is no report until the review is signed off."))


def is_overwritten(revision: int, read: int, *, by_another: bool, whole: bool) -> bool:
    """Whether saving what was written after `read` would write over what has been saved since.

    One's own is written over by the whole only: a draft that is saved by itself may arrive after it.
    """
    return revision != read and (by_another or not whole)


def check_is_as_read(revision: int, read: int, *, by_another: bool, whole: bool) -> None:
    """Raises `NotNow`."""
    if is_overwritten(revision, read, by_another=by_another, whole=whole):
        raise NotNow(_("This case has been saved after you opened it. Go back, read what it says now, and try again."))


def check_answered(answers: Mapping[str, str], questions: Collection[str], *, whole: bool) -> None:
    """Raises `NotNow` when something isn't an answer to a question, or, of the `whole`, when one is missing."""
    wrong = any(name not in questions or answer not in Verdict.values for name, answer in answers.items())
    if wrong or (whole and set(answers) != set(questions)):
        raise NotNow(_("Answer every question before the case is finished."))


def check_all_reviewed(standings: Collection[str], *, kept: int) -> None:
    """`standings` of the cases that the signer sees, of all that are `kept`. Raises `NotNow`."""
    if not kept:
        raise NotNow(_("There is nothing to sign off: every drawn case has been disposed of."))
    if len(standings) < kept:
        raise NotNow(
            _("A drawn case is shut to you. Let a colleague who sees every case sign the review off, or draw a new sample.")
        )
    left = sum(one not in ENDED for one in standings)
    if left:
        raise NotNow(_("%(left)s cases aren't reviewed yet: finish them or leave them out with a reason.") % {"left": left})
