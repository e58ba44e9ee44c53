"""Cleaning helps the rules and never loses the way back."""

from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.reader.cleaning import CELL, clean

NOISY = st.text(alphabet="abåÄ9-\n |\\.*<br>\u00ad\u00a0\ufb01\u030a\u2011&amp;", max_size=80)


@given(NOISY)
def test_every_kept_letter_is_found_again_in_the_original(text):
    cleaned = clean(text)

    for at, letter in enumerate(cleaned.text):
        start, end = cleaned.original(at, at + 1)
        assert 0 <= start < end <= len(text) or letter == "i"  # the second half of a ligature has no place of its own
        if letter in "abåÄ9." and text[start:end] == text[start]:
            assert text[start] == letter or text[start] in "\\\ufb01"


@given(NOISY)
def test_lines_lie_in_order_and_hold_what_they_say(text):
    cleaned = clean(text)

    assert [cleaned.text[line.start : line.end] for line in cleaned.lines if line.text] == [
        line.text for line in cleaned.lines if line.text
    ]
    assert [line.start for line in cleaned.lines] == sorted(line.start for line in cleaned.lines)


def test_what_cleaning_does():
    cases = {
        "brotts\u00adföre\u00adbyggande": "brottsförebyggande",
        "kommun-\nstyrelsen": "kommunstyrelsen",
        "social-\noch arbetsnämnden": "social-\noch arbetsnämnden",
        "Lou-\nLou": "Lou-Lou",
        "STK-\n2019-138": "STK-2019-138",
        "IF-2025-<br>00087": "IF-2025-00087",
        "2026\\.": "2026.",
        "a\u030a": "å",
        "\ufb01nns": "finns",
        "| a | b |": f"{CELL}a{CELL}b{CELL}",
    }

    assert {text: clean(text).text for text in cases} == cases


def test_a_decomposed_letter_is_placed_whole():
    cleaned = clean("va\u030ald")

    assert cleaned.original(1, 2) == (1, 3)


def test_columns_are_lines_of_their_own():
    assert [line.text for line in clean("Kommunstyrelsen      Protokoll      2024-02-06\n§ 18").lines] == [
        "Kommunstyrelsen",
        "Protokoll",
        "2024-02-06",
        "§ 18",
    ]
