"""The conditions and sums of a form: examples of the standard, and that nothing typed makes it fall over."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.instruments.expressions import (
    BadExpression,
    Known,
    UnknownFunction,
    is_true,
    names,
    number,
    parse,
    text,
    work_out,
)

ANSWERS = {"a": "1", "b": "2", "none": "", "many": "red blue", "said": "yes", "day": "2026-11-02"}
KNOWN = Known(ANSWERS, dt.date(2026, 11, 22), own="7")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${a} + ${b}", "3"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("7 div 2", "3.5"),
        ("7 mod 2", "1"),
        ("1 div 0", ""),
        ("0.1 + 0.2", "0.3"),
        ("- ${b} + 5", "3"),
        ("${a} + ${none}", ""),
        ("${a} + coalesce(${none}, 0)", "1"),
        ("${said} = 'yes'", "true"),
        ('${said} != "yes"', "false"),
        ("${a} = 1.0", "true"),
        ("${none} = ''", "true"),
        ("${b} > ${a} and ${b} >= 2", "true"),
        ("${b} < ${a} or . = 7", "true"),
        (". > 5 and . <= 7", "true"),
        ("selected(${many}, 'blue')", "true"),
        ("selected(${many}, 'blu')", "false"),
        ("count-selected(${many})", "2"),
        ("not(selected(${many}, 'green'))", "true"),
        ("if(${a} > ${b}, 'more', 'less')", "less"),
        ("if(${none} = '', 0, 1 div 0)", "0"),
        ("${day} < today()", "true"),
        ("today() >= '2026-11-23'", "false"),
        ("'2026-99-99' < today()", "false"),
        ("round(2.567, 1)", "2.6"),
        ("int(2.9)", "2"),
        ("max(${a}, ${b}, ${none})", "2"),
        ("min(3, ${b})", "2"),
        ("string-length(${said})", "3"),
        ("concat(${a}, '-', ${b})", "1-2"),
        ("number('x') = number('x')", "false"),
        ("true() = 'something'", "true"),
        ("9999999999 * 9999999999 * 9999999999", ""),
    ],
)
def test_an_expression_comes_to(written, expected):
    assert text(work_out(parse(written), KNOWN)) == expected


@pytest.mark.parametrize(
    "written",
    [
        "", "${a", "${a} +", "(1", "1)", "1 2", "a", "${a} == 1", "if(1, 2)", "selected(1)", "'open", "/data/a", "a/b", "$a",
        "1 +* 2", "__import__('os')", "${a} | ${b}", "${__class__.__x", "true", "not()", "(" * 40 + "1" + ")" * 40,
        "-" * 50 + "1", "1+" * 2000,
    ],
)  # fmt: skip
def test_what_isnt_in_the_language_is_refused(written):
    with pytest.raises(BadExpression):
        parse(written)


@pytest.mark.parametrize("name", ["pulldata", "eval", "document", "instance", "regex", "once", "indexed-repeat"])
def test_an_unknown_function_is_named(name):
    with pytest.raises(UnknownFunction, match=name):
        parse(f"{name}('x')")


def test_the_names_that_are_asked_for():
    assert names(parse("if(${a} > 1 or selected(${b}, 'x'), . , 3)")) == {"a", "b"}


@given(st.text(alphabet="${}ab.=<>!+-*()', 0123456789divmodandor", max_size=60))
def test_anything_typed_is_refused_or_worked_out(written):
    try:
        tree = parse(written)
    except BadExpression:
        return

    assert isinstance(text(work_out(tree, KNOWN)), str)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12))
def test_a_sum_is_the_sum(points):
    known = Known({f"q{n}": str(point) for n, point in enumerate(points)}, dt.date(2026, 1, 1))

    found = work_out(parse(" + ".join(f"${{q{n}}}" for n in range(len(points)))), known)

    assert number(found) == Decimal(sum(points))


@given(st.booleans(), st.booleans())
def test_and_and_or_agree_with_de_morgan(one, other):
    known = Known({"a": "x" if one else "", "b": "x" if other else ""}, dt.date(2026, 1, 1))

    left = work_out(parse("not(${a} and ${b})"), known)
    right = work_out(parse("not(${a}) or not(${b})"), known)

    assert is_true(left) is is_true(right) is not (one and other)
