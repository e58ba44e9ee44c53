"""Filling in: what is asked, what is dropped, what is wrong, and what it comes to."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.instruments.filling import fill
from tests.pure.instruments.forms import SURVEY, read, survey

TODAY = dt.date(2026, 11, 22)
TEST = read()


def test_what_isnt_asked_is_dropped_and_counts_for_nothing():
    found = fill(TEST, {"radd": "0", "ganger": "9", "hur": "slag", "unknown": "x"}, today=TODAY)

    assert found.is_whole
    assert (found.answers, found.counted, found.score) == ({"radd": "0"}, {"summa": "0"}, Decimal(0))
    assert [question.name for question in found.asked] == ["radd"]
    assert found.level and found.level.code == "lag"


def test_what_is_asked_follows_the_answers():
    found = fill(TEST, {"radd": "1", "ganger": "2", "hur": "slag ord"}, today=TODAY)

    assert (found.answers["hur"], found.score) == ("ord slag", Decimal(5)), "in the order of the form"
    assert found.level and found.level.is_dangerous


def test_a_condition_makes_a_level_whatever_the_points():
    low = fill(TEST, {"radd": "1", "ganger": "1"}, today=TODAY)
    high = fill(read(survey=(*SURVEY[:-1], (*SURVEY[-1][:-1], "1"))), {"radd": "1", "ganger": "1", "hur": "slag"}, today=TODAY)

    assert (low.level.code, high.score, high.level.code) == ("lag", Decimal(1), "hog")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "missing"),
        ({"radd": "2"}, "misread"),
        ({"radd": "1 0"}, "misread"),
        ({"radd": "1"}, "missing"),
        ({"radd": "1", "ganger": "många"}, "misread"),
        ({"radd": "1", "ganger": "1,5"}, "misread"),
        ({"radd": "1", "ganger": "1" * 30}, "misread"),
        ({"radd": "1", "ganger": "100"}, "unfit"),
        ({"radd": "1", "ganger": "1", "hur": "ord sång"}, "misread"),
    ],
)
def test_answers_that_wont_do_are_told_apart(given, what):
    found = fill(TEST, given, today=TODAY)

    assert not found.is_whole
    assert getattr(found, what)


def test_swedish_numbers_and_days_are_read():
    form = read(
        survey=survey(
            {"type": "decimal", "name": "a", "label": "A"},
            {"type": "date", "name": "b", "label": "B", "constraint": ". <= today()"},
        ),
        settings=(("form_title", "form_id", "rights"), ("Ett", "ett", "Egen.")),
        levels=(("code",),),
    )  # fmt: skip

    assert fill(form, {"a": "−1,5", "b": "2026-11-22"}, today=TODAY).answers == {"a": "-1.5", "b": "2026-11-22"}
    assert fill(form, {"b": "2026-11-23"}, today=TODAY).unfit == ("b",)
    assert fill(form, {"b": "22/11"}, today=TODAY).misread == ("b",)


def test_a_sum_that_cant_be_counted_names_what_it_waits_for():
    rows = survey(
        {"type": "integer", "name": "a", "label": "A"},
        {"type": "integer", "name": "b", "label": "B"},
        {"type": "calculate", "name": "summa", "calculation": "${a} + ${b}"},
    )
    found = fill(read(survey=rows, levels=(("code",),)), {"a": "1"}, today=TODAY)

    assert (found.score, found.level, found.uncounted, found.is_whole) == (None, None, ("b",), False)


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=20) for name in ("radd", "ganger", "hur", "summa")}))
def test_filling_in_what_was_kept_gives_the_same_again(given):
    once = fill(TEST, given, today=TODAY)

    assert fill(TEST, once.answers, today=TODAY).answers == once.answers
    assert set(once.answers) <= {question.name for question in once.asked}
