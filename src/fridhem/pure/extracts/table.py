"""The text of a table in a CSV file (RFC 4180) or an XLSX workbook (ECMA-376), and nothing else that such a file can hold."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from fridhem.pure.instruments.faults import BadInstrument, Fault, Faults, What
from fridhem.pure.instruments.workbook import Row, headed, read_workbook

LARGEST_FILE = 4_000_000  # bytes
MOST_ROWS = 5_000
ZIP = b"PK\x03\x04"
BETWEEN = ";,\t|"


class BadExtract(ValueError):
    """The file can't be read as a table; `faults` say why, and where."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(", ".join(fault.what for fault in faults))  # never what stood in a cell


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the heads, with the number that each has in the file."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes) -> Table:
    """The first table of the file that has rows; heads in small letters. Raises `BadExtract`."""
    try:
        if len(data) > LARGEST_FILE:
            raise BadInstrument([Fault(What.TOO_LARGE)])
        rows = _of_workbook(data) if data.startswith(ZIP) else _of_csv(data)
        if not rows:
            raise BadInstrument([Fault(What.EMPTY)])
    except BadInstrument as bad:
        raise BadExtract(bad.faults) from None
    return Table(tuple(dict.fromkeys(head for row in rows for head in row.cells)), rows)


def _of_workbook(data: bytes) -> tuple[Row, ...]:
    sheets = read_workbook(data, largest=LARGEST_FILE, most_rows=MOST_ROWS + 1)
    return next((rows for rows in sheets.values() if rows), ())


def _of_csv(data: bytes) -> tuple[Row, ...]:
    faults = Faults()
    text = _decoded(data)
    between = max(BETWEEN, key=text.partition("\n")[0].count)
    try:
        rows = tuple(
            headed("", _numbered(csv.reader(StringIO(text, newline=""), delimiter=between, strict=True), faults), faults)
        )
    except csv.Error:
        raise BadInstrument([Fault(What.NOT_A_WORKBOOK)]) from None
    faults.stop()
    return rows


def _decoded(data: bytes) -> str:
    """UTF-8, or what Swedish programs for Windows wrote before it."""
    if b"\0" in data:
        raise BadInstrument([Fault(What.NOT_A_WORKBOOK)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _numbered(rows: Iterator[list[str]], faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS + 1:
            faults.add(What.TOO_MANY_ROWS, "", number)
            return
        yield number, {str(place): text.strip() for place, text in enumerate(row) if text.strip()}
