"""XLSForms are read strictly: what isn't understood is refused with sheet, row and reason."""

from decimal import Decimal
from pathlib import Path

import pytest

from fridhem.pure.deadlines.span import Span
from fridhem.pure.instruments.definition import Kind
from fridhem.pure.instruments.faults import BadInstrument, What
from fridhem.pure.instruments.reading import read_instrument, sheets_of
from fridhem.pure.instruments.workbook import read_workbook
from fridhem.pure.instruments.writing import write_workbook
from tests.pure.instruments.forms import CHOICES, LEVELS, SETTINGS, read, survey

SHIPPED = Path(__file__).parents[3] / "src/fridhem/rooms/assessments/instruments"
ASKED = {"type": "integer", "name": "a", "label": "Hur många?"}
PLAIN = {"settings": (("form_title", "form_id", "rights"), ("Ett prov", "ett_prov", "Egen text.")), "levels": (("code",),)}


def faults(**changed) -> list[tuple[What, str, int]]:
    with pytest.raises(BadInstrument) as bad:
        read(**changed)
    return [(fault.what, fault.sheet, fault.row) for fault in bad.value.faults]


def test_an_instrument_is_read():
    found = read()

    assert (found.key, found.edition, found.score, found.rights) == ("ett_prov", "3", "summa", "Egen text.")
    assert (found.name.in_("sv"), found.name.in_("en-gb"), found.name.in_("ar")) == ("Ett prov", "A test", "Ett prov")
    assert [question.kind for question in found.questions] == [
        Kind.SELECT_ONE, Kind.INTEGER, Kind.SELECT_MULTIPLE, Kind.CALCULATE,
    ]  # fmt: skip
    asked = found.by_name
    assert [choice.code for choice in asked["radd"].choices] == ["1", "0"]
    assert (len(asked["ganger"].relevant), len(asked["hur"].relevant)) == (1, 2), "a group's condition is its questions' too"
    assert asked["hur"].group.in_("sv") == "Den du är rädd för"
    low, high = found.levels
    assert (low.low, low.high, low.review, low.is_dangerous) == (None, Decimal(2), Span(months=6), False)
    assert (high.low, high.is_dangerous, high.review) == (Decimal(3), True, Span(days=7))


@pytest.mark.parametrize("folder", [folder.name for folder in SHIPPED.iterdir() if folder.is_dir()])
def test_what_ships_is_whole_in_both_languages_and_survives_the_workbook(folder):
    texts = {file.stem: file.read_text(encoding="utf-8") for file in (SHIPPED / folder).glob("*.csv")}
    found = read_instrument(sheets_of(texts))

    assert found.key == folder
    assert found.rights
    for words in (found.name, *(q.words for q in found.questions), *(c.words for q in found.questions for c in q.choices)):
        assert set(words.given) == {"sv", "en"}
    rows = {name: [line for line in __import__("csv").reader(text.splitlines())] for name, text in texts.items()}
    assert read_instrument(read_workbook(write_workbook(rows))) == found


def test_what_ships_names_no_licensed_instrument():
    words = " ".join(file.read_text(encoding="utf-8").lower() for file in SHIPPED.rglob("*.csv"))

    assert [name for name in ("freda", "patriark", "sara", "dash", "brief spousal") if name in words.split()] == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"type": "range", "name": "b", "label": "B"}, What.UNKNOWN_TYPE),
        ({"type": "begin repeat", "name": "b", "label": "B"}, What.UNKNOWN_TYPE),
        ({"type": "image", "name": "b", "label": "B"}, What.UNKNOWN_TYPE),
        ({"type": "select_one", "name": "b", "label": "B"}, What.UNKNOWN_TYPE),
        ({"type": "select_one missing", "name": "b", "label": "B"}, What.UNKNOWN_LIST),
        ({"type": "select_one_from_file x.csv", "name": "b", "label": "B"}, What.UNKNOWN_TYPE),
        ({"type": "text", "name": "a", "label": "B"}, What.SAME_NAME),
        ({"type": "text", "name": "två ord", "label": "B"}, What.BAD_NAME),
        ({"type": "text", "name": "", "label": "B"}, What.EMPTY),
        ({"type": "text", "name": "b", "label": ""}, What.EMPTY),
        ({"type": "text", "name": "b", "label::English (en)": "B"}, What.NO_SWEDISH),
        ({"type": "text", "name": "b", "label": "B", "relevant": "${a} >"}, What.BAD_EXPRESSION),
        ({"type": "text", "name": "b", "label": "B", "relevant": "pulldata('x', 'y')"}, What.UNKNOWN_FUNCTION),
        ({"type": "text", "name": "b", "label": "B", "relevant": "${c} = 1"}, What.UNKNOWN_QUESTION),
        ({"type": "text", "name": "b", "label": "B", "relevant": "${b} = 1"}, What.CIRCULAR),
        ({"type": "text", "name": "b", "label": "B", "required": "maybe"}, What.BAD_EXPRESSION),
        ({"type": "text", "name": "b", "label": "B", "calculation": "1 + 1"}, What.UNKNOWN_COLUMN),
        ({"type": "calculate", "name": "b", "label": "B"}, What.EMPTY),
        ({"type": "text", "name": "b", "label": "B", "choice_filter": "x = 1"}, What.UNKNOWN_COLUMN),
        ({"type": "text", "name": "b", "label": "B", "media::image": "a.png"}, What.UNKNOWN_COLUMN),
        ({"type": "text", "name": "b", "label": "B", "relevant::sv": "1"}, What.UNKNOWN_COLUMN),
        ({"type": "begin group", "name": "g", "label": "G"}, What.GROUP_NOT_CLOSED),
        ({"type": "end group"}, What.GROUP_NOT_OPEN),
    ],
)
def test_a_row_that_cant_be_used_is_refused_with_its_place(row, expected):
    assert faults(survey=survey(ASKED, row), **PLAIN) == [(expected, "survey", 3)]


def test_every_fault_is_told_at_once():
    rows = survey(ASKED, {"type": "range", "name": "b"}, {"type": "text", "name": "c", "label": "C", "relevant": "x("})

    assert faults(survey=rows, **PLAIN) == [(What.UNKNOWN_TYPE, "survey", 3), (What.UNKNOWN_FUNCTION, "survey", 4)]


def test_questions_that_wait_for_each_other_are_named():
    rows = survey(
        {**ASKED, "relevant": "${b} = 1"},
        {"type": "integer", "name": "b", "label": "B", "relevant": "${c} = 1"},
        {"type": "calculate", "name": "c", "calculation": "${a} + 1"},
    )
    with pytest.raises(BadInstrument) as bad:
        read(survey=rows, **PLAIN)

    assert [fault.what for fault in bad.value.faults] == [What.CIRCULAR]
    assert set(bad.value.faults[0].said.split(" → ")) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"settings": (("form_title",), ("Ett prov",))}, {(What.EMPTY, "settings", 2), (What.NO_SCORE, "settings", 2)}),
        ({"settings": (*SETTINGS[:1], ("Ett prov", "", "Ett Prov!", "1", "summa", "Egen."))}, {(What.BAD_NAME, "settings", 2)}),
        ({"settings": (*SETTINGS[:1], ("Ett prov", "", "ett", "1", "radd", "Egen."))}, {(What.NO_SCORE, "settings", 2)}),
        ({"survey": (("type", "name", "label"), ("note", "n", "Hej"))}, {(What.NO_QUESTIONS, "survey", 0)}),
        ({"choices": (*CHOICES, ("hur", "två ord", "Två", ""))}, {(What.BAD_CHOICE, "choices", 6)}),
        ({"choices": (*CHOICES, ("hur", "ord", "Ord igen", ""))}, {(What.SAME_NAME, "choices", 6)}),
        ({"levels": (*LEVELS, ("till", "2", "3", "", "Till", "no", ""))}, {(What.OVERLAP, "levels", 4)}),
        ({"levels": (*LEVELS, ("till", "", "", "", "Till", "no", ""))}, {(What.NO_WAY_TO_LEVEL, "levels", 4)}),
        ({"levels": (LEVELS[0], ("lag", "x", "9", "", "Låg", "no", ""))}, {(What.BAD_NUMBER, "levels", 2)}),
        ({"levels": (LEVELS[0], ("lag", "1", "9", "", "Låg", "kanske", ""))}, {(What.NOT_YES_OR_NO, "levels", 2)}),
        ({"levels": (LEVELS[0], ("lag", "1", "9", "", "Låg", "no", "snart"))}, {(What.BAD_SPAN, "levels", 2)}),
        ({"levels": (LEVELS[0], ("lag", "1", "9", "", "Låg", "no", "PT5H"))}, {(What.BAD_SPAN, "levels", 2)}),
        ({"levels": (LEVELS[0], ("lag", "1", "9", "${borta} = 1", "Låg", "no", ""))}, {(What.UNKNOWN_QUESTION, "levels", 0)}),
    ],
)
def test_settings_choices_and_levels_are_read_as_strictly(changed, expected):
    assert expected <= set(faults(**changed))


def test_a_workbook_without_the_sheets_of_the_standard_is_refused():
    with pytest.raises(BadInstrument) as bad:
        read_instrument(read_workbook(write_workbook({"Blad1": [("a",)]})))

    assert {(fault.what, fault.said) for fault in bad.value.faults} == {(What.NO_SHEET, "survey"), (What.NO_SHEET, "settings")}
