"""Places on this room's pages that rooms above may fill, in their `apps.ready()`.

    slots.case_page.fill("intake", concern_of_case)
    slots.own_file.fill("assessments", Filing(chapters_of_case, left_out={"assessments.Assessment.score": LeftOut("engine", …)}))

The filler of a page is asked for every case page that a person who works with the case opens. It answers with a panel or None.
What is said in a file (akt) is asked when the whole of it is to be read by someone outside the house.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Field, Model
from django.utils.functional import Promise

from fridhem.foundation.accounts.models import User


@dataclass(frozen=True)
class Panel:
    """Something that another room shows: a heading, and a template of its own with its context.

    What is urgent stands before everything else on the page, without its heading: its template says what is wanted.
    """

    heading: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


# case_id, the reader → what to show. Whoever is asked has already been allowed to see the case, and nothing more.
Filler = Callable[[UUID, User], Panel | None]


class Slot:
    """One place, with one filler per name."""

    def __init__(self) -> None:
        self._fillers: dict[str, Filler] = {}

    def fill(self, name: str, filler: Filler) -> None:
        """Let `filler` show something here; a filler with the same name is replaced."""
        self._fillers[name] = filler

    def panels(self, case_id: UUID, user: User) -> list[Panel]:
        """What is to be shown for a case, in the order of the names."""
        found = (self._fillers[name](case_id, user) for name in sorted(self._fillers))
        return [panel for panel in found if panel]


case_page = Slot()


# ── The whole file of a case ──────────────────────────────────────────────


@dataclass(frozen=True)
class Reader:
    """For whom the file is made, and on which day: `is_own` whom it's about, `takes_over` a municipality that goes on with it.

    Whoever is neither is told nothing of where anyone is, and of nobody's number.
    """

    on: date
    is_own: bool = False
    takes_over: bool = False


class LeftOut(NamedTuple):
    """Why something isn't given, by a code of `codes/left_out.csv`, and what it's called to whoever reads the file."""

    why: str
    what: Promise


@dataclass(frozen=True)
class Row:
    """A row of a table as it's kept, but for the columns that are left out: `table` is its model, such as "casework.Note"."""

    table: str
    fields: Mapping[str, Any]


def row_of(kept: Model, left_out: Collection[str]) -> Row:
    """A row with every column that isn't in `left_out` ("casework.Case.state"). An official or a unit is given by name."""
    label = kept._meta.label
    columns = [one for one in kept._meta.concrete_fields if f"{label}.{one.name}" not in left_out]
    return Row(label, {one.name: _plain(kept, one) for one in columns})


def _plain(kept: Model, column: "Field[Any, Any]") -> Any:
    related = column.related_model
    if isinstance(related, type) and related._meta.app_label == "accounts":
        found = getattr(kept, column.name)
        return None if found is None else str(found)
    value = getattr(kept, column.attname)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True)
class Entry:
    """Something in the file: in words (`facts` by what they are, `text` as it was written), and the rows that it is.

    `left_out`: the code of why something of it isn't given; a code of `codes/left_out.csv`. `is_veiled`: it tells who someone
    protected is, so its facts stand in the file and on no page.
    """

    heading: str
    facts: Sequence[tuple[str, str]] = ()
    text: str = ""
    rows: Sequence[Row] = ()
    left_out: str = ""
    is_veiled: bool = False


@dataclass(frozen=True)
class Chapter:
    """A part of the file, in the order that it's read."""

    heading: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Filing:
    """What a room says in the file of a case, to whoever makes it.

    `left_out`: why a column ("casework.Case.state") or a whole table ("importing.Origin") isn't in it. A test holds that every
    table with something of a case in it is either said or left out.
    """

    chapters: Callable[[UUID, User, Reader], list[Chapter]] | None = None
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)


class Filings:
    """What each room says in the file, casework's own first."""

    def __init__(self) -> None:
        self._filings: dict[str, Filing] = {}

    def fill(self, name: str, filing: Filing) -> None:
        """Let a room say something in the file; what it said before is replaced."""
        self._filings[name] = filing

    def chapters(self, case_id: UUID, user: User, reader: Reader) -> Iterator[Chapter]:
        """Everything that is said to a reader, room by room; `user` makes the file."""
        for name in sorted(self._filings, key=lambda name: (name != "casework", name)):
            chapters = self._filings[name].chapters
            yield from chapters(case_id, user, reader) if chapters else ()

    @property
    def left_out(self) -> dict[str, LeftOut]:
        """Every table and column that isn't given."""
        return {key: one for name in sorted(self._filings) for key, one in self._filings[name].left_out.items()}


own_file = Filings()
