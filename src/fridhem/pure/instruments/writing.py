"""Write an XLSForm: what ships as readable text leaves as the workbook that a form editor opens."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook


def write_workbook(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """An XLSX file with these sheets; every cell is text, also one that looks like a formula or an address."""
    target = BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, text)
    return target.getvalue()
