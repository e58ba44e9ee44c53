"""What follows from what: what a faulty instrument is told, when one may be published, and what may be kept."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fridhem.pure.instruments.faults import Fault, What
from fridhem.pure.instruments.filling import Filled
from fridhem.pure.refusals import NotNow
from fridhem.rooms.assessments.enums import Status

# ── What is wrong with a file ─────────────────────────────────────────────

FAULTS: Mapping[What, Promise | str] = {
    What.NOT_A_WORKBOOK: gettext_lazy("It isn't a whole XLSX file: save the form as an Excel workbook (.xlsx)."),
    What.TOO_LARGE: gettext_lazy("The file is larger than a form can be: at most 1 MB, and 20 MB unpacked."),
    What.MACROS: gettext_lazy("The file holds macros or programs: save it as a workbook without macros (.xlsx)."),
    What.LOCKED: gettext_lazy("The file is locked with a password: save it without one."),
    What.ENTITIES: gettext_lazy("The file declares a document type or entities, which no form needs: save it anew."),
    What.FORMULA: gettext_lazy("the cell holds a formula: write what it comes to."),
    What.TOO_MANY_ROWS: gettext_lazy("there are more rows than a form can have."),
    What.TOO_LONG: gettext_lazy("the text “%(said)s…” is too long."),
    What.SAME_COLUMN: gettext_lazy("two columns have the same head, or there are too many."),
    What.NO_HEAD: gettext_lazy("“%(said)s” stands in a column without a head."),
    What.NO_SHEET: gettext_lazy("The sheet “%(said)s” is missing."),
    What.UNKNOWN_COLUMN: gettext_lazy("we don't have the column here: take it away, or write the form without it."),
    What.EMPTY: gettext_lazy("the cell is empty: it's needed."),
    What.NO_SWEDISH: gettext_lazy("the text is missing in Swedish."),
    What.UNKNOWN_TYPE: gettext_lazy(
        "“%(said)s” is a type that we don't have. Use select_one, select_multiple, integer, decimal, date, text, note, "
        "calculate, begin group or end group."
    ),
    What.BAD_NAME: gettext_lazy("“%(said)s” can't be a name: use letters a–z, digits, - and _; a form_id in small letters."),
    What.SAME_NAME: gettext_lazy("the name “%(said)s” is used twice."),
    What.UNKNOWN_LIST: gettext_lazy("the list “%(said)s” isn't on the sheet choices."),
    What.BAD_CHOICE: gettext_lazy("“%(said)s” can't be a choice: write list_name, and a name without blanks."),
    What.GROUP_NOT_OPEN: gettext_lazy("a group ends that never began."),
    What.GROUP_NOT_CLOSED: gettext_lazy("the group “%(said)s” never ends: write end group."),
    What.BAD_EXPRESSION: gettext_lazy("the condition can't be read at “%(said)s”."),
    What.UNKNOWN_FUNCTION: gettext_lazy("%(said)s() is a function that we don't have."),
    What.UNKNOWN_QUESTION: gettext_lazy("${%(said)s} is no question in the form."),
    What.CIRCULAR: gettext_lazy("the questions wait for each other: %(said)s."),
    What.NO_QUESTIONS: gettext_lazy("there must be at least one question, and at most 300."),
    What.NOT_YES_OR_NO: gettext_lazy("write yes or no, not “%(said)s”."),
    What.BAD_NUMBER: gettext_lazy("“%(said)s” isn't a number."),
    What.BAD_SPAN: gettext_lazy("“%(said)s” isn't a span of days or months: write P7D, P2W or P6M."),
    What.NO_SCORE: gettext_lazy("write in settings, score, the name of the calculation that is counted."),
    What.NO_WAY_TO_LEVEL: gettext_lazy("the level “%(said)s” can't be reached: write from, to or when."),
    What.OVERLAP: gettext_lazy("the points of the level “%(said)s” are another level's too."),
}


def in_words(fault: Fault) -> str:
    """A fault as a sentence that says where it is."""
    said = str(FAULTS[fault.what]) % {"said": fault.said}
    where = [_("Sheet %(sheet)s") % {"sheet": fault.sheet}] if fault.sheet else []
    where += [_("row %(row)s") % {"row": fault.row}] if fault.row else []
    where += [_("column %(column)s") % {"column": fault.column}] if fault.column else []
    return f"{', '.join(where)}: {said}" if where else said


# ── From draft to published ───────────────────────────────────────────────


def check_is_draft(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.DRAFT:
        raise NotNow(_("Only a draft can be changed: upload a new version instead."))


def check_may_be_proposed(status: str, *, tried_at: datetime | None, valid_from: date, today: date) -> None:
    """Raises `NotNow`."""
    check_is_draft(status)
    if tried_at is None:
        raise NotNow(_("Try the form first: fill it in to a result."))
    if valid_from < today:
        raise NotNow(_("A version can't begin before it's published: write today or a later day."))


def check_is_proposed(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.PROPOSED:
        raise NotNow(_("The version isn't waiting to be published: someone else was first, or it's a draft again."))


def check_was_read(proposal: str, seen: str) -> None:
    """Nobody agrees to something else than what she has read. Raises `NotNow`."""
    if proposal != seen:
        raise NotNow(_("The version has been changed or proposed anew since you read it: read it once more, then publish it."))


# ── Assessments ───────────────────────────────────────────────────────────


def check_whole(filled: Filled) -> None:
    """Raises `NotNow`."""
    if not filled.is_whole:
        raise NotNow(_("Answer every question that must be answered before you save."))


def check_day(day: date, *, today: date) -> None:
    """Raises `NotNow`."""
    if day > today:
        raise NotNow(_("The conversation can't have been on a day to come."))


def check_of_the_case(person: UUID | None, people: Collection[UUID]) -> None:
    """Raises `NotNow`."""
    if person is not None and person not in people:
        raise NotNow(_("The person isn't in the case any longer. Choose someone who is."))
