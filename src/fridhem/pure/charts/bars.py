"""A bar chart of a part of a safe table, as a Vega-Lite specification of our own."""

from typing import Any

from fridhem.pure.charts.grid import HIDDEN, Grid, Selection, lay_out
from fridhem.pure.charts.words import WORDS
from fridhem.pure.disclosure.safe_table import SafeTable

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name, never fetched
SPRUCE, WINDOW, LINK, MIST = "#17413b", "#f2b441", "#1f5f8b", "#e0ebf2"
COLOURS = [SPRUCE, WINDOW, LINK, MIST]
INK, PAPER, LINE = "#1d2421", "#fffdfa", "#ddd3c3"
FONT = "Source Sans 3, system-ui, sans-serif"
MOST_SERIES = len(COLOURS)
WIDTH, BAR = 520, 18


def bar_chart(table: SafeTable, selection: Selection, *, title: str, language: str = "sv") -> dict[str, Any]:
    """Bars for every code under the total of the rows, side by side for the columns.

    With more columns than there are colours that can be told apart, the rows are drawn for all columns together. Every bar
    has its number beside it, zero too; a hidden count has no bar but the sign of the hidden. A dark outline keeps light
    bars visible against the paper (contrast at least 3:1). Raises ValueError as `lay_out`.
    """
    grid = lay_out(table, selection, title=title, language=language)
    if len(grid.columns) - 1 > MOST_SERIES:
        grid = lay_out(table, Selection(selection.rows, "", selection.where), title=title, language=language)
    bars = _bars(grid)
    series = len(grid.columns) > 1
    return {
        "$schema": SCHEMA,
        "description": describe(grid, language),
        "width": WIDTH,
        "height": {"step": BAR},
        "data": {"values": bars},
        "encoding": _encoding(grid, series, language),
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.count)"}],
                "mark": {"type": "bar", "stroke": INK, "strokeWidth": 1},
                "encoding": {"x": {"field": "count", "type": "quantitative"}, **_colour(grid, series)},
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5, "color": INK},
                "encoding": {"x": {"field": "at", "type": "quantitative"}, "text": {"field": "text"}},
            },
        ],
        "config": _config(),
    }


def describe(grid: Grid, language: str = "sv") -> str:
    """What the chart shows, for those who don't see it."""
    words = WORDS[language]
    hidden = [words["and_hidden"].format(count=grid.hidden)] if grid.hidden else []
    return " ".join([words["chart_of"].format(title=grid.caption), *hidden])


def _bars(grid: Grid) -> list[dict[str, Any]]:
    """One record per bar; `at` is where its text stands."""
    series = range(1, len(grid.columns)) if len(grid.columns) > 1 else range(1)
    rows = [row for row in grid.rows if row.header.level == 1]
    return [
        {
            "row": row.header.label,
            "column": grid.columns[i].label,
            "count": row.cells[i].count,
            "at": row.cells[i].count or 0,
            "text": row.cells[i].text or HIDDEN,
        }
        for row in rows
        for i in series
    ]


def _encoding(grid: Grid, series: bool, language: str) -> dict[str, Any]:
    labels = [row.header.label for row in grid.rows if row.header.level == 1]
    axis = {"title": WORDS[language]["count"], "format": ",d", "tickMinStep": 1, "tickCount": 6, "domain": False}
    encoding: dict[str, Any] = {
        "y": {
            "field": "row",
            "type": "nominal",
            "scale": {"domain": labels},
            "title": None,
            "axis": {"labelLimit": 260, "domain": False, "ticks": False, "labelPadding": 8},
        },
        "x": {"type": "quantitative", "axis": axis, "scale": {"domainMin": 0, "nice": True}},
    }
    if series:
        encoding["yOffset"] = {
            "field": "column",
            "type": "nominal",
            "scale": {"domain": [column.label for column in grid.columns[1:]]},
        }
    return encoding


def _colour(grid: Grid, series: bool) -> dict[str, Any]:
    if not series:
        return {"color": {"value": SPRUCE}}
    domain = [column.label for column in grid.columns[1:]]
    legend = {"title": None, "orient": "top", "symbolStrokeColor": INK, "symbolType": "square"}
    scale = {"domain": domain, "range": COLOURS[: len(domain)]}
    return {"color": {"field": "column", "type": "nominal", "scale": scale, "legend": legend}}


def _config() -> dict[str, Any]:
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": INK, "labelFontSize": 13}
    return {
        "aria": False,  # the picture is described as a whole; Vega's own labels are English
        "background": PAPER,
        "font": FONT,
        "axis": {**text, "gridColor": LINE, "tickColor": INK, "titleFontSize": 13, "titleFontWeight": "normal"},
        "legend": text,
        "text": {"font": FONT, "fontSize": 13},
        "view": {"stroke": None},
    }
