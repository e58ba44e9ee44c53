"""The chosen part of a safe table as a picture."""

from collections.abc import Mapping

from fridhem.pure.charts import bars, svg
from fridhem.pure.charts.grid import Selection
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.statistics.definitions import Definition
from fridhem.rooms.statistics.report import YEAR, View


def chart(tables: Mapping[int, SafeTable], view: View, definition: Definition, language: str) -> str:
    """The SVG of the chosen part for the chosen year."""
    title = f"{definition.title[language]}, {view.year}"
    columns = "" if view.columns == YEAR else view.columns
    spec = bars.bar_chart(tables[view.year], Selection(view.rows, columns, view.where), title=title, language=language)
    return svg.draw(spec, title=title, language=language)
