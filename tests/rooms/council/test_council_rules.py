"""What follows from what has been read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.rooms.council import rules
from fridhem.rooms.council.rules import Printed


def number(normal: str, *, role: str = "own", in_head: bool = True) -> Printed:
    return Printed(normal, normal, role, in_head, 0, 5)


@pytest.mark.parametrize(
    ("kind", "numbers", "tied"),
    [
        ("yttrande", [number("SN1"), number("KS2", role="other")], {"SN1", "KS2"}),
        ("yttrande", [number("SN1"), number("KS2", role="other", in_head=False)], {"SN1"}),
        ("debattartikel", [number("KS2", role="other", in_head=False)], set()),
        ("protokollsutdrag", [number("KS1"), number("LI2", role="other")], {"KS1", "LI2"}),
        ("protokollsutdrag", [number("KS1"), number("KS2", in_head=False)], set()),
        ("kallelse", [number("KS1")], set()),
        ("riktlinje", [], set()),
    ],
)
def test_which_numbers_hold_a_document_to_its_matter(kind, numbers, tied):
    assert rules.tying(kind, numbers) == tied


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        ([], "received"),
        ([("Socialnämnden", "proposed")], "prepared"),
        ([("Socialnämnden", "decided")], "decided"),
        ([("Socialnämnden", "decided"), ("Kommunfullmäktige", "proposed")], "prepared"),
        ([("Kommunfullmäktige", "proposed"), ("Kommunfullmäktige", "decided")], "decided"),
        ([("Stadsfullmäktige", "proposed"), ("Kommunstyrelsen", "decided")], "prepared"),
    ],
)
def test_how_far_a_matter_has_come(decisions, status):
    assert rules.matter_status(decisions) == status


@pytest.mark.parametrize(
    ("kinds", "put", "kind"),
    [
        ({"motion", "remiss"}, [], "motion"),
        ({"protokollsutdrag"}, ["", "motion"], "motion"),
        ({"protokollsutdrag"}, ["initiativ"], "initiative"),
        ({"revisionssvar"}, [], "audit"),
        ({"remiss", "protokollsutdrag"}, [], "referral"),
        ({"handlingsplan"}, [], "plan"),
        ({"tjansteskrivelse", "unknown"}, [], "other"),
    ],
)
def test_what_a_matter_is(kinds, put, kind):
    assert rules.matter_kind(kinds, put) == kind


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=8))
def test_pieces_lose_no_sign_and_mark_exactly_the_places(text, places):
    pieces = list(rules.pieces(text, places))

    assert "".join(piece.text for piece in pieces) == text
    covered = {index: "".join(piece.text for piece in pieces if index in piece.covered_by) for index in range(len(places))}
    inside = {index: (start, end) for index, (start, end) in enumerate(places) if 0 <= start < end <= len(text)}
    assert covered == {index: text[start:end] for index, (start, end) in inside.items()} | {
        index: "" for index in range(len(places)) if index not in inside
    }
    assert sorted(index for piece in pieces for index in piece.begins) == sorted(inside)
