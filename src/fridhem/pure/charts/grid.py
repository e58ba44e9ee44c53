"""A part of a safe table laid out in rows and columns, with its words: the same on a page, in a chart and in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fridhem.pure.charts.words import WORDS, number
from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.disclosure.safe_table import SafeTable

HIDDEN = ".."


@dataclass(frozen=True)
class Selection:
    """Which part to lay out: a dimension down, perhaps one across, and codes that the others are held at.

    A dimension that isn't named is summed over.
    """

    rows: str
    columns: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The words over a column or before a row; `level` 0 is the total, 1 what lies under it, and so on."""

    code: str
    label: str
    level: int = 0


@dataclass(frozen=True)
class Cell:
    """A published count, or None where it is hidden, and how it is written."""

    count: int | None
    text: str

    @property
    def hidden(self) -> bool:
        return self.count is None


@dataclass(frozen=True)
class Row:
    header: Header
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Everything a template or a spreadsheet needs. `corner` is the header over the row headers."""

    caption: str
    corner: str
    columns: tuple[Header, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def hidden(self) -> int:
        """How many of the shown cells are hidden."""
        return sum(cell.hidden for row in self.rows for cell in row.cells)


def lay_out(table: SafeTable, selection: Selection, *, title: str, language: str = "sv") -> Grid:
    """The selected part of a table in rows and columns, totals first.

    Raises ValueError when the selection names a dimension or a code that the table hasn't, or the same dimension twice.
    """
    down = table.dimension(selection.rows)
    across = table.dimension(selection.columns) if selection.columns else None
    named = [selection.rows, *([selection.columns] if across else []), *selection.where]
    if len(set(named)) != len(named):
        raise ValueError("A dimension can stand only once: as rows, as columns or held at a code.")
    words = WORDS[language]
    columns = _headers(across, language) if across else (Header("", words["count"]),)
    rows = []
    for header in _headers(down, language):
        codes = {**selection.where, selection.rows: header.code}
        counts = [table.value(**codes, **({across.name: c.code} if across else {})) for c in columns]
        rows.append(Row(header, tuple(Cell(n, HIDDEN if n is None else number(n, language)) for n in counts)))
    return Grid(
        caption=", ".join([title, *_held(table, selection.where, language)]),
        corner=down.title(language),
        columns=columns,
        rows=tuple(rows),
        notes=(words["hidden"].format(low=table.rule.small[0], high=table.rule.small[1]), words["zero"]),
    )


def _headers(dimension: Dimension, language: str) -> tuple[Header, ...]:
    levels = [0] * len(dimension)
    for i, parent in enumerate(dimension.parents[1:], start=1):
        levels[i] = levels[parent] + 1
    labels = [WORDS[language]["total"], *(dimension.label(code, language) for code in dimension.codes[1:])]
    return tuple(
        Header(code, label if labels.count(label) == 1 else f"{label} ({code})", level)
        for code, label, level in zip(dimension.codes, labels, levels, strict=True)
    )


def _held(table: SafeTable, where: Mapping[str, str], language: str) -> list[str]:
    """What the other dimensions are held at, in words; a total needs none."""
    held = [(table.dimension(name), code) for name, code in where.items()]
    return [f"{d.title(language).lower()}: {d.label(code, language)}" for d, code in held if code != d.codes[0]]
