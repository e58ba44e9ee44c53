"""What follows from what: when an extract can be imported, and what is said of every fault."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fridhem.pure.extracts.cases import What
from fridhem.pure.extracts.schema import Schema, read_schema
from fridhem.pure.extracts.table import LARGEST_FILE, MOST_ROWS
from fridhem.pure.instruments.faults import Fault as FileFault
from fridhem.pure.instruments.faults import What as FileWhat
from fridhem.pure.refusals import NotNow
from fridhem.rooms.importing.enums import Status

SCHEMA = Path(__file__).parent / "schemas" / "cases.json"
MOST_VALUES = 80  # different values in a coded column: with more it's another column, and a form has at most 500 fields

# What is wrong, and what to do about it.
TOLD: Mapping[str, tuple[str | Promise, str | Promise]] = {
    What.MISSING: (gettext_lazy("Nothing stands there."), gettext_lazy("Fill it in and upload the file again.")),
    What.TOO_LONG: (gettext_lazy("The text is too long."), gettext_lazy("Look whether the right column is chosen.")),
    What.NOT_A_DAY: (gettext_lazy("It isn't a day."), gettext_lazy("Write the day as 2024-03-01.")),
    What.TO_COME: (gettext_lazy("The day hasn't come yet."), gettext_lazy("Look whether the day is right.")),
    What.OPEN_CASE: (
        gettext_lazy("The case isn't closed."),
        gettext_lazy("Close it in the other system, or open it here by hand and work on with it."),
    ),
    What.BEFORE: (gettext_lazy("The day is before the one when it began."), gettext_lazy("Look which of the days is wrong.")),
    What.NOT_AN_IDENTITY: (
        gettext_lazy("It isn't an identity number."),
        gettext_lazy("Correct it, or leave it empty if it isn't known."),
    ),
    What.UNKNOWN_CODE: (gettext_lazy("The code has none of ours."), gettext_lazy("Choose which code of ours it is.")),
    What.NOT_THAT_DAY: (
        gettext_lazy("Our code wasn't in use on that day."),
        gettext_lazy("Choose another code of ours, or leave the case out."),
    ),
    What.DISAGREES: (
        gettext_lazy("Another row of the same case says something else."),
        gettext_lazy("Make the rows of the case say the same."),
    ),
    What.WITH_ANOTHER: (
        gettext_lazy("Another row of the same case has a fault."),
        gettext_lazy("Correct that row: a case is imported whole or not at all."),
    ),
    What.CHANGED: (
        gettext_lazy("The case was imported before, and says something else now."),
        gettext_lazy("It stays as it was imported. Look at the case here, and put right by hand what is wrong."),
    ),
    What.NOT_YOURS: (
        gettext_lazy("You have a conflict of interest with the person."),
        gettext_lazy("Ask another team leader to import the case."),
    ),
}


@cache
def schema() -> Schema:
    """What we ask of an extract."""
    return read_schema(SCHEMA.read_text(encoding="utf-8"))


def in_words(fault: FileFault) -> str:
    """Why a file can't be read as a table."""
    said = {
        FileWhat.NOT_A_WORKBOOK: _("The file is neither a CSV file nor an XLSX workbook, or it's damaged. Save it anew."),
        FileWhat.TOO_LARGE: _("The file is too large: at most %(most)s MB. Divide it, by year for example.")
        % {"most": LARGEST_FILE // 1_000_000},
        FileWhat.TOO_MANY_ROWS: _("The file has more than %(most)s rows. Divide it, by year for example.") % {"most": MOST_ROWS},
        FileWhat.MACROS: _("The workbook has macros. Save it without them, as .xlsx or CSV."),
        FileWhat.LOCKED: _("The workbook has a password. Save it without one."),
        FileWhat.FORMULA: _("Row %(row)s has a formula. Save the sheet as values, or as CSV.") % {"row": fault.row},
        FileWhat.SAME_COLUMN: _("Two columns have the same head, or there are too many. Give each one of its own."),
        FileWhat.NO_HEAD: _("Row %(row)s has a value in a column without a head. Give the column a head.") % {"row": fault.row},
        FileWhat.TOO_LONG: _("Row %(row)s has a text that is too long.") % {"row": fault.row},
        FileWhat.EMPTY: _("There are no rows under the heads."),
    }
    return said.get(fault.what, said[FileWhat.NOT_A_WORKBOOK])


def check_waits(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.UPLOADED:
        raise NotNow(_("The extract has been imported or thrown away."))


def check_something(count: int) -> None:
    """Raises `NotNow`."""
    if not count:
        raise NotNow(_("There is no case that can be imported. Look at what is wrong first."))
