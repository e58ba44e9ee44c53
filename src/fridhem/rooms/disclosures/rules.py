"""What follows from what: which values are held against which recipient, and when a stopped document may leave."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.disclosures.enums import ExportStatus, State, Unreadable

ANYONE, PROTECTED, FICTITIOUS = "anyone", "protected", "fictitious"
EVERY = "*"
OWN, TAKES_OVER = "own", "takes_over"  # as whom someone reads a whole file


@dataclass(frozen=True)
class Goes:
    """One row of `codes/whole_file.csv`: that the whole file of a case may go to a recipient, and as whom they read it.

    `process`: only of cases on it; empty, of those on any that no other row of the same `reader` names.
    """

    recipient: str
    process: str
    reader: str
    valid_from: date
    valid_to: date | None


def receivers(rows: Iterable[Goes], *, process: str, is_known: bool, on: date) -> list[Goes]:
    """To whom the whole file may go. `is_known`: whether it's known whom the case is about."""
    valid = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    named = {row.reader for row in valid if row.process == process}
    fitting = [row for row in valid if row.process == (process if row.reader in named else "")]
    return [row for row in fitting if is_known or row.reader != OWN]


def check_goes_to(recipient: str, rows: Collection[Goes]) -> Goes:
    """The whole file is meant for this recipient. Raises `Denied`."""
    for row in rows:
        if row.recipient == recipient:
            return row
    raise Denied(
        _("The whole file goes to whom it's about, to a court or to a municipality that takes over. Disclose a part of it.")
    )


def check_is_as_read(read: str, now: str) -> None:
    """What is made is what was read. Raises `NotNow`."""
    if read != now:
        raise NotNow(_("Something in the file has changed since you read it. Read it again before it's made."))


@dataclass(frozen=True)
class Withheld:
    """One row of `codes/withheld.csv`: whether a kind is held against a recipient, for those whose protection is such."""

    recipient: str
    kind: str
    whose: str
    held: bool
    valid_from: date
    valid_to: date | None


def is_held(rows: Iterable[Withheld], *, recipient: str, kind: str, protection: str, on: date) -> bool:
    """Whether a value is held against what goes to `recipient`.

    `protection` is the owner's, empty when it couldn't be read: then as the strongest. What is said of the protection goes before
    what is said of anyone, and what names the recipient before what is said of everyone. A protected person's value of a kind
    that the table doesn't know is held.
    """
    valid = [row for row in rows if row.kind == kind and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    said = {(row.recipient, row.whose): row.held for row in valid}
    for whose in _ways_to_be(protection):
        for who in (recipient, EVERY):
            if (who, whose) in said:
                return said[who, whose]
    return protection != "none"


def _ways_to_be(protection: str) -> tuple[str, ...]:
    match protection:
        case "none":
            return (ANYONE,)
        case "fictitious" | "":
            return (FICTITIOUS, PROTECTED, ANYONE)
    return (PROTECTED, ANYONE)


def state_of(*, is_stopped: bool, allowances: int, has_left: bool) -> State:
    """Where a disclosure stands."""
    if has_left:
        return State.LEFT
    if not is_stopped or allowances >= 2:
        return State.READY
    return State.HALF_ALLOWED if allowances else State.STOPPED


def check_something(text: str, files: Collection[Any]) -> None:
    """Something is disclosed. Raises `NotNow`."""
    if not text.strip() and not files:
        raise NotNow(_("Write a text or choose a file: there is nothing to disclose yet."))


def check_may_be_allowed(state: State, *, first: Any, by: Any) -> None:
    """What is stopped may be allowed, by two different people. Raises `NotNow`."""
    if state not in (State.STOPPED, State.HALF_ALLOWED):
        raise NotNow(_("Nothing stops this document."))
    if first is not None and first == by:
        raise NotNow(_("You have already allowed it. Someone else must look too."))


def check_may_leave(state: State) -> None:
    """What is ready leaves once. Raises `NotNow`."""
    if state == State.LEFT:
        raise NotNow(_("This has already left. Make a new disclosure if it's to be sent again."))
    if state != State.READY:
        raise NotNow(_("The document is stopped. Correct it, or let two people allow it."))


def check_is_there(*, is_destroyed: bool) -> None:
    """What leaves is still there. Raises `NotNow`."""
    if is_destroyed:
        raise NotNow(_("The file was kept for its days and is destroyed. Make a new one."))


def check_can_be_tried(*, unopened: bool) -> None:
    """Everything protected can be opened, so that the file can be held against it. Raises `NotNow`."""
    if unopened:
        raise NotNow(str(Unreadable.VALUE.label))


def check_is_made(status: str) -> None:
    """The whole file is packed, and nobody has gone on with it. Raises `NotNow`."""
    if status != ExportStatus.MADE:
        raise NotNow(_("The file isn't made yet, or someone has already gone on with it."))


def check_nothing_new(then: Collection[Mapping[str, Any]], now: Collection[Mapping[str, Any]]) -> None:
    """Nothing is found now that wasn't found then: a detail may have been added since. Raises `NotNow`."""
    known = {tuple(sorted((key, str(value)) for key, value in one.items())) for one in then}
    if any(tuple(sorted((key, str(value)) for key, value in one.items())) not in known for one in now):
        raise NotNow(_("Something has been protected since this was checked. Check it again as a new disclosure."))
