"""The headings of an investigation as dated data."""

import datetime as dt

import pytest

from fridhem.pure.outlines.outline import find, read_outlines

OUTLINES = """
[[outline]]
processes = ["child", "youth"]
valid_from = 2020-01-01
valid_to = 2025-06-30

[[outline.part]]
sv = "Barnet"
en = "The child"

[[outline.part.heading]]
code = "health"
sv = "Hälsa"
en = "Health"
hint_sv = "Hur mår barnet?"
hint_en = "How is the child?"
ground = "law"
sheets = ["talk"]
people = true

[[outline]]
processes = ["child"]
valid_from = 2025-07-01

[[outline.part]]
sv = "Barnet"
en = "The child"

[[outline.part.heading]]
code = "school"
sv = "Skola"
en = "School"
"""

SCHOOL = '[[outline.part.heading]]\ncode = "school"\nsv = ""\nen = ""\n'


def codes(process: str, day: str) -> list[str]:
    found = find(read_outlines(OUTLINES), process, on=dt.date.fromisoformat(day))
    return [heading.code for heading in found.headings] if found else []


@pytest.mark.parametrize(
    ("process", "day", "expected"),
    [
        ("child", "2019-12-31", []),
        ("child", "2025-06-30", ["health"]),
        ("child", "2025-07-01", ["school"]),
        ("youth", "2025-07-01", []),
        ("other", "2025-07-01", []),
    ],
)
def test_an_outline_is_of_a_process_on_a_day(process, day, expected):
    assert codes(process, day) == expected


def test_a_heading_says_what_belongs_beside_it():
    (heading,) = read_outlines(OUTLINES)[0].headings

    assert (heading.name.in_("en"), heading.hint.in_("sv"), heading.ground) == ("Health", "Hur mår barnet?", "law")
    assert (heading.sheets, heading.people) == (("talk",), True)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('code = "school"', 'code = "Skola i byn"'),
        ("valid_from = 2025-07-01", "valid_from = 2025-06-30"),
        ('code = "school"', 'colour = "red"\ncode = "school"'),
        ('sv = "Skola"\n', ""),
        ('processes = ["child"]\n', ""),
        ("[[outline.part.heading]]\ncode", f"{SCHOOL}[[outline.part.heading]]\ncode"),
        ("= 2020", "= = 2020"),
    ],
)
def test_what_is_no_outline_is_refused(was, now):
    assert OUTLINES.replace(was, now) != OUTLINES, "something is wrong in it"

    with pytest.raises((ValueError, KeyError, TypeError)):
        read_outlines(OUTLINES.replace(was, now))
