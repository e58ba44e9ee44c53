"""The report as a file: the same figures and signs as on the page."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from fridhem.rooms.reviews.enums import Verdict
from fridhem.rooms.reviews.report import Line

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN, NOTHING = "..", "–"
About = Sequence[tuple[str, str]]  # what is told beside the figures


def as_csv(lines: Iterable[Line]) -> bytes:
    """Semicolons and a byte order mark, as spreadsheets in Sweden open it."""
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows([_heads(), *map(_cells, lines)])
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Iterable[Line], about: About) -> bytes:
    """The figures on one sheet, what they are on another."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, notes = book.add_worksheet(_("Figures")), book.add_worksheet(_("About the review"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, row in enumerate([_heads(), *map(_cells, lines)]):
            sheet.write_row(number, 0, row, None if number else bold)
        for number, pair in enumerate(about):
            notes.write_row(number, 0, pair)
        sheet.set_column(0, 0, 80)
        notes.set_column(0, 1, 40)
        sheet.freeze_panes(1, 1)
    return target.getvalue()


def _heads() -> list[str]:
    shares = [_("Yes, %"), _("At least, %"), _("At most, %")]
    return [_("Question"), *(str(one.label) for one in Verdict), *shares]


def _cells(line: Line) -> list[str | int]:
    counts = [HIDDEN if count is None else count for count in line.counts]
    return [line.words, *counts, *(NOTHING if share is None else share for share in (line.share, line.low, line.high))]
