"""A safe table laid out for a reader: the chosen part as a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fridhem.pure.charts.grid import Grid, Header, Row, Selection, lay_out
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.statistics.definitions import Definition

YEAR = "year"
TITLES_OF_YEAR = {"sv": "År", "en": "Year"}


@dataclass(frozen=True)
class View:
    """What the reader chose: a year, rows, columns (perhaps `year`), and codes that the rest is held at."""

    year: int
    rows: str
    columns: str
    where: Mapping[str, str]


def grid(tables: Mapping[int, SafeTable], view: View, definition: Definition, language: str) -> Grid:
    """The chosen part. `tables` are the released ones by year. Raises ValueError for a choice that can't be shown."""
    title = definition.title[language]
    if view.columns != YEAR:
        selection = Selection(view.rows, view.columns, view.where)
        return lay_out(tables[view.year], selection, title=f"{title}, {view.year}", language=language)
    return _beside(tables, Selection(view.rows, "", view.where), title, language)


def _beside(tables: Mapping[int, SafeTable], selection: Selection, title: str, language: str) -> Grid:
    """The same rows of every year beside each other, oldest first; no sum over years, since none was released."""
    years = sorted(tables)
    grids = [lay_out(tables[year], selection, title=title, language=language) for year in years]
    rows = [Row(row.header, tuple(one.rows[i].cells[0] for one in grids)) for i, row in enumerate(grids[0].rows)]
    return replace(grids[0], columns=tuple(Header(str(year), str(year)) for year in years), rows=tuple(rows))


def dimensions(table: SafeTable, language: str) -> Sequence[tuple[str, str, list[tuple[str, str]]]]:
    """The table's dimensions as (name, title, [(code, label), …] without the total)."""
    return [(d.name, d.title(language), [(code, d.label(code, language)) for code in d.codes[1:]]) for d in table.dimensions]
