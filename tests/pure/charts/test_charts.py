import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from fridhem.pure.charts.bars import COLOURS, INK, PAPER, bar_chart, describe
from fridhem.pure.charts.grid import HIDDEN, Cell, Header, Selection, lay_out
from fridhem.pure.charts.svg import draw
from fridhem.pure.charts.words import WORDS
from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_rows
from fridhem.pure.disclosure.protect import protect

DISTRICT = Dimension.flat(
    "district",
    ["centre", "north", "south", "rural"],
    titles={"sv": "Område", "en": "District"},
    labels={
        "centre": {"sv": "Centrum", "en": "Centre"},
        "north": {"sv": "Norr", "en": "North"},
        "south": {"sv": "Söder <&>", "en": "South <&>"},
        "rural": {"sv": "Landsbygden", "en": "Countryside"},
    },
)
AGE = Dimension.flat(
    "age",
    ["adult", "child"],
    titles={"sv": "Ålder", "en": "Age"},
    labels={"adult": {"sv": "Vuxna", "en": "Adults"}, "child": {"sv": "Barn", "en": "Children"}},
)
YEAR = Dimension.flat("year", ["2024", "2025"], titles={"sv": "År", "en": "Year"})
COUNTS = {"centre": (1200, 340), "north": (55, 3), "south": (40, 0), "rural": (28, 18)}


@pytest.fixture(scope="module")
def table():
    rows = [
        {"district": district, "age": age, "year": "2025", "n": n}
        for district, counts in COUNTS.items()
        for age, n in zip(["adult", "child"], counts, strict=True)
    ]
    return protect(count_rows(rows, [DISTRICT, AGE, YEAR], weight="n"))


def test_a_grid_has_headers_caption_and_notes_in_words(table):
    grid = lay_out(table, Selection("district", "age", {"year": "2025"}), title="Beviljade insatser")

    assert grid.caption == "Beviljade insatser, år: 2025"
    assert grid.corner == "Område"
    assert grid.columns == (Header("Total", "Totalt"), Header("adult", "Vuxna", 1), Header("child", "Barn", 1))
    assert [row.header.label for row in grid.rows] == ["Totalt", "Centrum", "Norr", "Söder <&>", "Landsbygden"]
    assert grid.notes[0].startswith(".. betyder att uppgiften är dold. Små antal (1–4) visas inte")


def test_hidden_is_told_as_hidden_and_zero_as_zero(table):
    grid = lay_out(table, Selection("district", "age"), title="Insatser")
    cells = {row.header.code: row.cells for row in grid.rows}

    assert cells["north"][2] == Cell(None, HIDDEN)
    assert cells["south"][2] == Cell(0, "0")
    assert cells["Total"][0] == Cell(1684, "1\N{NO-BREAK SPACE}684")
    assert grid.hidden == sum(count is None for count in (table.value(**c) for c in district_and_age()))


def district_and_age():
    return [{"district": d, "age": a} for d in DISTRICT.codes for a in AGE.codes]


def test_english_has_english_words_and_commas(table):
    grid = lay_out(table, Selection("district", "age", {"year": "2025"}), title="Granted", language="en")

    assert (grid.caption, grid.columns[2].label, grid.rows[0].cells[0].text) == ("Granted, year: 2025", "Children", "1,684")
    assert set(WORDS["sv"]) == set(WORDS["en"])


def test_without_columns_there_is_one_column_of_totals(table):
    grid = lay_out(table, Selection("age"), title="Insatser")

    assert [(row.header.code, row.cells[0].count) for row in grid.rows] == [(code, table.value(age=code)) for code in AGE.codes]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection("sex"), "isn't counted by 'sex'"),
        (Selection("age", "age"), "can stand only once"),
        (Selection("age", "", {"age": "child"}), "can stand only once"),
        (Selection("age", "", {"district": "x"}), "has no code 'x'"),
    ],
)
def test_a_selection_that_isnt_in_the_table_is_refused(table, selection, message):
    with pytest.raises(ValueError, match=message):
        lay_out(table, selection, title="")


def test_codes_with_the_same_label_are_told_apart():
    twins = Dimension.flat("d", ["a", "b"], labels={"a": {"sv": "Norr"}, "b": {"sv": "Norr"}})
    table = protect(count_rows([{"d": "a", "n": 10}, {"d": "b", "n": 20}], [twins], weight="n"))

    assert [r.header.label for r in lay_out(table, Selection("d"), title="").rows] == ["Totalt", "Norr (a)", "Norr (b)"]


def test_the_chart_draws_what_the_grid_shows(table):
    spec = bar_chart(table, Selection("district", "age"), title="Insatser")
    grid = lay_out(table, Selection("district", "age"), title="Insatser")

    drawn = {(bar["row"], bar["column"]): (bar["count"], bar["text"]) for bar in spec["data"]["values"]}
    shown = {
        (row.header.label, column.label): (cell.count, cell.text)
        for row in grid.rows[1:]
        for column, cell in zip(grid.columns[1:], row.cells[1:], strict=True)
    }
    assert drawn == shown


def test_with_many_columns_the_rows_are_drawn_together():
    many = Dimension.flat("many", [f"m{i}" for i in range(9)])
    table = protect(count_rows([{"many": f"m{i}", "age": "child", "n": 50} for i in range(9)], [many, AGE], weight="n"))

    spec = bar_chart(table, Selection("age", "many"), title="")

    assert [(bar["row"], bar["count"]) for bar in spec["data"]["values"]] == [("Vuxna", 0), ("Barn", 450)]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_picture_is_whole_described_and_needs_nothing_from_outside(table, language):
    title = "Insatser & orsaker <test>"
    spec = bar_chart(table, Selection("district", "age"), title=title, language=language)

    svg = draw(spec, title=title, language=language)

    root = ET.fromstring(svg)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    names = {root.get("aria-labelledby"): title, root.get("aria-describedby"): spec["description"]}
    assert {e.get("id"): e.text for e in root if e.get("id") in names} == names
    assert (root.get("role"), root.get("lang")) == ("img", language)
    assert texts.count(HIDDEN) == sum(bar["count"] is None for bar in spec["data"]["values"]) > 0
    assert {"1 200" if language == "sv" else "1,200"} <= {t.replace("\N{NO-BREAK SPACE}", " ") for t in texts}
    assert [t for t in texts if t in ("adult", "undefined", "null", "NaN")] == []
    assert re.findall(r"http(?!://www\.w3\.org/)|href|<style|<script|url\((?!#)", svg) == []
    assert len(re.findall(r"aria-|role=", svg)) == 3


def test_a_picture_that_refers_to_something_outside_is_refused(table):
    spec = bar_chart(table, Selection("age"), title="")
    spec["layer"].append({"mark": {"type": "image", "url": "data:image/png;base64,AAAA", "width": 5, "height": 5}})

    with pytest.raises(ValueError, match="refers to something outside itself"):
        draw(spec, title="")


def test_the_description_says_how_many_figures_are_hidden(table):
    grid = lay_out(table, Selection("district", "age"), title="Insatser")

    assert describe(grid) == (
        f"Stapeldiagram. Insatser. Samma uppgifter finns i tabellen. {grid.hidden} uppgifter är dolda och visas som två punkter."
    )


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_and_outlines_can_be_seen():
    """WCAG 2.2, 1.4.3 and 1.4.11: text 4.5:1; bars are told from the paper by their outline, 3:1."""
    assert contrast(INK, PAPER) > 7
    neighbours = list(itertools.pairwise(COLOURS))
    assert [pair for pair in neighbours if contrast(*pair) < 3] == []
