"""Files that leave the house: the same numbers and signs as on the page."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import xlsxwriter

from fridhem.pure.charts.grid import HIDDEN, Grid
from fridhem.pure.disclosure.safe_table import SafeTable

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTES = {"sv": "Om tabellen", "en": "About the table"}
TABLE = {"sv": "Tabell", "en": "Table"}
VALUE = {"sv": "antal", "en": "number"}


@dataclass(frozen=True)
class About:
    """What is told beside the figures: pairs of word and text."""

    pairs: tuple[tuple[str, str], ...]


def grid_csv(grid: Grid) -> bytes:
    """The shown table as CSV: semicolons and a byte order mark, as spreadsheets in Sweden open it. Hidden is `..`."""
    rows = [[grid.corner, *(column.label for column in grid.columns)]]
    rows += [[row.header.label, *(HIDDEN if cell.hidden else str(cell.count) for cell in row.cells)] for row in grid.rows]
    return _csv(rows)


def whole_csv(tables: Mapping[int, SafeTable], language: str) -> bytes:
    """Every cell of every year's table as CSV, one a row, by codes and labels; totals too."""
    first = next(iter(tables.values()))
    heads = [name for d in first.dimensions for name in (d.name, d.title(language))]
    rows = [["year", *heads, VALUE[language]]]
    for year, table in sorted(tables.items()):
        for codes, count in table.cells():
            named = [text for d, code in zip(table.dimensions, codes, strict=True) for text in (code, d.label(code, language))]
            rows.append([str(year), *named, HIDDEN if count is None else str(count)])
    return _csv(rows)


def grid_xlsx(grid: Grid, about: About, language: str) -> bytes:
    """The shown table as a workbook: the table with its notes on one sheet, what it means on another."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": grid.caption, "author": "Fridhem"})
        head = book.add_format({"bold": True, "bg_color": "#17413b", "font_color": "#ffffff", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        count = book.add_format({"num_format": "#,##0"})
        hidden = book.add_format({"align": "right"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(TABLE[language])
        sheet.write_string(0, 0, grid.caption, bold)
        for place, words in enumerate([grid.corner, *(column.label for column in grid.columns)]):
            sheet.write_string(2, place, words, head)
        for line, row in enumerate(grid.rows, start=3):
            sheet.write_string(line, 0, row.header.label, bold if row.header.level == 0 else None)
            for place, cell in enumerate(row.cells, start=1):
                if cell.hidden:
                    sheet.write_string(line, place, HIDDEN, hidden)
                else:
                    sheet.write_number(line, place, cell.count, count)
        for line, note in enumerate(grid.notes, start=len(grid.rows) + 4):
            sheet.write_string(line, 0, note)
        sheet.set_column(0, 0, 48)
        sheet.set_column(1, max(1, len(grid.columns)), 12)
        sheet.freeze_panes(3, 1)
        notes = book.add_worksheet(NOTES[language])
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 90)
        for line, (word, text) in enumerate((*about.pairs, *(("", note) for note in grid.notes))):
            notes.write_string(line, 0, word, bold)
            notes.write_string(line, 1, text, wrap)
    return target.getvalue()


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows([_harmless(text) for text in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A text that a spreadsheet won't take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
