"""The dated data that ships with the room: core processes and code lists, read once."""

from datetime import date
from functools import cache
from pathlib import Path

from fridhem.foundation.processes import registry
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.reading import read_code_list
from fridhem.rooms.casework.enums import LANES

ROOM = Path(__file__).parent
VINR_ADULT = "vinr_adult"


@cache
def _processes() -> dict[tuple[str, int], Definition]:
    files = sorted((ROOM / "processes").glob("*.bpmn"))
    found = [read_process(file.read_bytes(), roles=LANES, steps=registry.steps()) for file in files]
    return {(definition.key, definition.version): definition for definition in found}


def process(key: str, version: int | None = None) -> Definition:
    """A core process in one version, the newest without. Raises KeyError when we don't have it."""
    newest = version or max((v for k, v in _processes() if k == key), default=0)
    return _processes()[key, newest]


def processes() -> list[Definition]:
    """Every core process that ships with the house, in its newest version."""
    return [process(key) for key in sorted({key for key, _version in _processes()})]


@cache
def codes(name: str) -> CodeList:
    """One of the lists `interventions`, `reasons`, `districts`, `grounds`. Raises FileNotFoundError for another name."""
    return read_code_list((ROOM / "codes" / f"{name}.csv").read_text(encoding="utf-8"), name=name)


def label(name: str, code: str, language: str = "sv", *, on: date | None = None) -> str:
    """What a stored code was called on a day (is called now, or was last, without one).

    A code that the list no longer knows is shown as it is: a page is never lost to that.
    """
    known = [period for period in codes(name) if period.code == code]
    then = [period for period in known if on and period.is_valid_on(on)]
    found = then or sorted(known, key=lambda period: period.valid_from)
    return found[-1].label(language) if found else code
