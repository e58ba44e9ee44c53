import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import MAX_CELLS, count_columns, count_rows
from fridhem.pure.cubes.raw_table import RawTable

AREA = Dimension.tree("area", {"D1": ["A1", "A2"], "D2": ["A3", "A4"]})
AGE = Dimension.flat("age", ["child", "adult"])
POLICE = Dimension.flat("police", ["P1", "P2"], variable="area", groups={"A1": "P1", "A2": "P2", "A3": "P1", "A4": "P2"})
FACTS = st.lists(st.tuples(st.sampled_from(["A1", "A2", "A3", "A4"]), st.sampled_from(["child", "adult"])))


def belongs(dimension, code, value):
    return value in dimension.members[dimension.index(code)]


@given(facts=FACTS)
def test_every_margin_agrees_with_a_naive_count(facts):
    table = count_rows([{"area": area, "age": age} for area, age in facts], [AREA, AGE])

    for area in AREA.codes:
        for age in AGE.codes:
            naive = sum(belongs(AREA, area, a) and belongs(AGE, age, b) for a, b in facts)
            assert table.value(area=area, age=age) == naive


@given(facts=FACTS)
def test_counting_rows_columns_and_aggregates_is_the_same(facts):
    rows = [{"area": area, "age": age} for area, age in facts]
    columns = {"area": [a for a, _ in facts], "age": [b for _, b in facts]}
    pairs = sorted(set(facts))
    aggregated = [{"area": a, "age": b, "n": facts.count((a, b))} for a, b in pairs]

    by_row = count_rows(rows, [AREA, AGE])

    assert np.array_equal(by_row.counts, count_columns(columns, [AREA, AGE]).counts)
    assert np.array_equal(by_row.counts, count_rows(aggregated, [AREA, AGE], weight="n").counts)


def test_a_dimension_may_group_the_values_of_its_variable():
    table = count_columns({"area": ["A1", "A2", "A3"]}, [POLICE])

    assert [table.value(police=code) for code in POLICE.codes] == [3, 2, 1]


def test_a_raw_table_doesnt_show_its_counts_and_cant_be_changed():
    table = count_columns({"age": ["child"] * 3}, [AGE])

    assert repr(table) == "<RawTable age, 3 cells>"
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0] = 7


def test_counts_must_be_whole_numbers_in_the_right_shape():
    with pytest.raises(ValueError, match=r"whole numbers in the shape \(3,\)"):
        RawTable((AGE,), np.zeros(3))


@pytest.mark.parametrize(
    ("rows", "weight", "message"),
    [
        ([{"age": "child"}, {}], None, "Row 2 has no 'age'"),
        ([{"age": "child"}, {"age": "infant"}], None, "Row 2: 'infant' isn't a value of 'age'"),
        ([{"age": "Total"}], None, "Row 1: 'Total' isn't a value of 'age'"),
        ([{"age": "child", "n": -1}], "n", "Row 1: n is -1; it must be a whole number of at least 0"),
        ([{"age": "child", "n": 1.5}], "n", "Row 1: n is 1.5"),
        ([{"age": "child", "n": "2"}, {"age": "child", "n": "x"}], "n", "Row 2: n is 'x'"),
    ],
)
def test_a_bad_fact_is_named_by_its_row(rows, weight, message):
    with pytest.raises(ValueError, match=message):
        count_rows(rows, [AGE], weight=weight)


def test_a_table_that_would_be_too_large_says_so_before_it_is_made():
    wide = [Dimension.flat(f"d{i}", map(str, range(299))) for i in range(4)]

    with pytest.raises(ValueError, match=rf"8,100,000,000 cells .*more than {MAX_CELLS:,}: leave out a dimension"):
        count_columns({}, wide)


@pytest.mark.parametrize(
    ("columns", "dimensions", "weight", "message"),
    [
        ({}, [AGE], None, "no column 'age'"),
        ({"age": ["child"]}, [AGE], "n", "no column 'n'"),
        ({"age": ["child"], "area": []}, [AGE, AREA], None, "different lengths"),
        ({"age": ["child"]}, [], None, "at least one dimension"),
        ({"age": ["child"]}, [AGE, AGE], None, "each of them once"),
    ],
)
def test_columns_that_dont_fit_are_refused(columns, dimensions, weight, message):
    with pytest.raises(ValueError, match=message):
        count_columns(columns, dimensions, weight=weight)
