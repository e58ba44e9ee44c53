"""The instruments that ship with the house: our own texts only. Read once."""

import csv
from functools import cache
from pathlib import Path

from fridhem.pure.instruments.definition import Definition
from fridhem.pure.instruments.reading import SHEETS, read_instrument, sheets_of
from fridhem.pure.instruments.writing import write_workbook

INSTRUMENTS = Path(__file__).parent / "instruments"


@cache
def shipped() -> dict[tuple[str, int], Definition]:
    """The instruments that ship, by key and version."""
    found = [read_instrument(sheets_of(_texts(folder))) for folder in sorted(INSTRUMENTS.iterdir()) if folder.is_dir()]
    return {(definition.key, int(definition.edition)): definition for definition in found}


@cache
def workbook(key: str) -> bytes:
    """A shipped instrument as the XLSForm that a municipality can change and upload."""
    return write_workbook({name: csv.reader(text.splitlines()) for name, text in _texts(INSTRUMENTS / key).items()})


def _texts(folder: Path) -> dict[str, str]:
    files = {name: folder / f"{name}.csv" for name in SHEETS}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items() if file.exists()}
