"""The dated data that ships with the house: core processes, decision tables, sheets, grounds, whom to consult. Read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fridhem.foundation.processes import registry
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.reading import read_process
from fridhem.foundation.processes.tables import read_table
from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list
from fridhem.pure.deadlines.limits import Limits, read_limits
from fridhem.pure.decisions.table import Table
from fridhem.pure.outlines.outline import Outline, read_outlines
from fridhem.pure.sheets.reading import read_sheet
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes.enums import LANES

ROOM = Path(__file__).parent


@cache
def shipped() -> dict[tuple[str, int], Definition]:
    """The core processes that ship, by key and version."""
    files = sorted((ROOM / "diagrams").glob("*.bpmn"))
    found = [read_process(file.read_bytes(), roles=LANES, steps=registry.steps()) for file in files]
    return {(definition.key, definition.version): definition for definition in found}


@cache
def newest() -> dict[str, Definition]:
    """The newest of each that ships, by key."""
    return {key: shipped()[key, number] for key, number in sorted(shipped())}


@cache
def sheets() -> dict[str, Sheet]:
    """What each kind of step asks, by the form key in the diagram."""
    files = sorted((ROOM / "sheets").glob("*.toml"))
    return {file.stem: read_sheet(file.read_text(encoding="utf-8"), key=file.stem) for file in files}


@dataclass(frozen=True)
class Numbered:
    """A decision table in one version, and the file that it was read from."""

    table: Table
    number: int
    xml: bytes


@cache
def tables() -> dict[tuple[str, int], Numbered]:
    """The decision tables that ship, by the key that a diagram names and version."""
    found = [(data := file.read_bytes(), *read_table(data)) for file in sorted((ROOM / "tables").glob("*.dmn"))]
    return {(table.key, number): Numbered(table, number, data) for data, table, number in found}


@cache
def grounds() -> CodeList:
    """The laws and routines that stand behind the steps."""
    return read_code_list((ROOM / "codes" / "grounds.csv").read_text(encoding="utf-8"), name="grounds")


@cache
def functions() -> CodeList:
    """Whom a step can be talked through with, beside the roles."""
    return read_code_list((ROOM / "codes" / "functions.csv").read_text(encoding="utf-8"), name="functions")


@cache
def events() -> CodeList:
    """What can happen to a case that a diagram may have a branch for."""
    return read_code_list((ROOM / "codes" / "events.csv").read_text(encoding="utf-8"), name="events")


@cache
def limits() -> Limits:
    """The time limits of laws and routines."""
    return read_limits((ROOM / "codes" / "limits.csv").read_text(encoding="utf-8"))


@cache
def outlines() -> tuple[Outline, ...]:
    """The headings that investigations are written under."""
    return read_outlines((ROOM / "codes" / "headings.toml").read_text(encoding="utf-8"))
