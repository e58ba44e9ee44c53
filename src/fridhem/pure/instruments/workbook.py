"""The text in the cells of an XLSX workbook (ECMA-376), and nothing else that a workbook can hold.

Nothing is unpacked to disk, executed or fetched: no macros, no formulas, no document type, no entities. What a zip says of its
own sizes is what is read, so a bomb is seen before it's unpacked.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import normpath
from zipfile import BadZipFile, ZipFile

from lxml import etree

from fridhem.pure.instruments.faults import BadInstrument, Fault, Faults, What

LARGEST_FILE = 1_000_000  # bytes
LARGEST_UNPACKED = 20_000_000  # all parts together
MOST_PARTS = 200
MOST_ROWS, LONGEST_CELL = 1_000, 4_000
MOST_COLUMNS = 60
MACROS = re.compile(r"vba|macro|activex|\.bin$", re.IGNORECASE)
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, by its number there: what stands under each column's head."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


Sheets = Mapping[str, tuple[Row, ...]]  # the rows under the head, by the sheet's name; empty rows are left out


def read_workbook(data: bytes, *, largest: int = LARGEST_FILE, most_rows: int = MOST_ROWS) -> Sheets:
    """Every sheet as text, the first row being the heads of the columns. Raises `BadInstrument`."""
    try:
        with _opened(data, largest) as package:
            return _sheets(package, most_rows)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, zlib.error, EOFError, etree.XMLSyntaxError) as error:
        raise BadInstrument([Fault(What.NOT_A_WORKBOOK)]) from error


def _opened(data: bytes, largest: int) -> ZipFile:
    if len(data) > largest:
        raise BadInstrument([Fault(What.TOO_LARGE)])
    package = ZipFile(BytesIO(data))
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BadInstrument([Fault(What.TOO_LARGE)])
    if len({part.filename for part in parts}) < len(parts):
        raise BadZipFile("The same part twice.")
    if any(part.flag_bits & 1 for part in parts):
        raise BadInstrument([Fault(What.LOCKED)])
    if any(MACROS.search(part.filename) and "printerSettings" not in part.filename for part in parts):
        raise BadInstrument([Fault(What.MACROS)])
    return package


def _part(package: ZipFile, name: str) -> etree._Element:
    data = package.read(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadZipFile("A part that isn't UTF-8.") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadInstrument([Fault(What.ENTITIES)])
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    return etree.fromstring(text.encode(), parser)


def _sheets(package: ZipFile, most_rows: int) -> Sheets:
    names = set(package.namelist())
    targets = {each.get("Id"): each.get("Target") or "" for each in _part(package, "xl/_rels/workbook.xml.rels")}
    shared = [_text(each) for each in _part(package, "xl/sharedStrings.xml")] if "xl/sharedStrings.xml" in names else []
    faults, found = Faults(), dict[str, tuple[Row, ...]]()
    for sheet in _part(package, "xl/workbook.xml").iter("{*}sheet"):
        target = targets[sheet.get(RELATION) or sheet.get(STRICT_RELATION)]
        path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        name = (sheet.get("name") or "").strip().lower()
        found[name] = tuple(headed(name, _rows(name, _part(package, path), shared, faults, most_rows), faults))
    faults.stop()
    return found


def _rows(name: str, sheet: etree._Element, shared: list[str], faults: Faults, most: int) -> Iterator[tuple[int, dict[str, str]]]:
    for count, row in enumerate(sheet.iter("{*}row")):
        if count >= most:
            faults.add(What.TOO_MANY_ROWS, name, count)
            return
        cells, number = dict[str, str](), count + 1
        for cell in row.iter("{*}c"):
            place = PLACE.fullmatch(cell.get("r") or "")
            if place is None:
                raise BadZipFile("A cell without a place.")
            number = int(place[2])
            if next(cell.iter("{*}f"), None) is not None:
                faults.add(What.FORMULA, name, number, place[1])
            if text := _value(cell, shared).strip():
                cells[place[1]] = text
        yield number, cells


def headed(name: str, rows: Iterator[tuple[int, dict[str, str]]], faults: Faults) -> Iterator[Row]:
    """The rows by the heads that the first of them gives the columns."""
    _number, heads = next(rows, (0, {}))
    heads = {place: " ".join(head.split()).lower() if "::" not in head else head for place, head in heads.items()}
    if len(set(heads.values())) < len(heads) or len(heads) > MOST_COLUMNS:
        faults.add(What.SAME_COLUMN, name, 1)
    for number, cells in rows:
        for place, text in cells.items():
            if place not in heads:
                faults.add(What.NO_HEAD, name, number, place, text)
            if len(text) > LONGEST_CELL:
                faults.add(What.TOO_LONG, name, number, heads.get(place, place), text)
        if cells:
            yield Row(number, {heads[place]: text for place, text in cells.items() if place in heads})


def _value(cell: etree._Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), next((each.text or "" for each in cell.iter("{*}v")), "")
    if kind == "s":
        return shared[int(value)] if value.isascii() and value.isdigit() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return _text(cell)
    if kind == "b":
        return "yes" if value == "1" else "no"
    return value.removesuffix(".0") if kind == "n" else value


def _text(element: etree._Element) -> str:
    """The words of a cell, without how they look; what is a reading aid (rPh) isn't the text."""
    return "".join(each.text or "" for each in element.iter("{*}t") if etree.QName(each.getparent()).localname != "rPh")
