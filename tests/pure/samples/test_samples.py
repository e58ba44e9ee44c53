"""Drawing: every stratum gets its part, and the same again. Shares: the interval is the one that scipy gives."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from fridhem.pure.samples.drawing import draw, shared_out
from fridhem.pure.samples.shares import wilson

SIZES = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 60), max_size=8)


@given(SIZES, st.integers(0, 200))
def test_what_is_wanted_is_shared_out_and_no_stratum_gives_more_than_it_has(sizes, wanted):
    given_out = shared_out(sizes, wanted)

    assert sum(given_out.values()) == min(wanted, sum(sizes.values()))
    assert all(0 <= given_out[name] <= sizes[name] for name in sizes)
    if wanted >= sum(1 for n in sizes.values() if n):
        assert all(given_out[name] >= 1 for name, n in sizes.items() if n)


def test_a_small_unit_gets_one_and_the_large_the_rest():
    assert shared_out({"large": 90, "middle": 30, "small": 2, "none": 0}, 12) == {
        "large": 8,
        "middle": 3,
        "small": 1,
        "none": 0,
    }


def test_fewer_than_there_are_strata_go_to_the_largest():
    assert shared_out({"a": 5, "b": 9, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}


def test_a_sample_of_less_than_nothing_is_refused():
    with pytest.raises(ValueError, match="smaller than none"):
        shared_out({"a": 1}, -1)


def test_the_same_seed_draws_the_same_and_another_draws_another():
    strata = {"a": list(range(40)), "b": list(range(100, 110))}

    first, again, other = (draw(strata, 10, seed=seed) for seed in (1, 1, 2))

    assert first == again != other
    assert [len(set(ones)) for ones in first.values()] == [8, 2]
    assert set(first["a"]) <= set(strata["a"]) and set(first["b"]) <= set(strata["b"])


def test_every_case_has_the_same_chance():
    drawn = [one for seed in range(2_000) for one in draw({"a": list(range(10))}, 3, seed=seed)["a"]]

    assert all(abs(drawn.count(one) - 600) < 80 for one in range(10))


def test_the_interval_is_that_of_an_independent_library():
    chance = random.Random(7)
    for of in (1, 2, 5, 17, 20, 400):
        for found in {0, of, chance.randint(0, of)}:
            other = binomtest(found, of).proportion_ci(method="wilson")
            assert wilson(found, of) == pytest.approx((other.low, other.high), abs=1e-9)


@pytest.mark.parametrize(("found", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(found, of):
    with pytest.raises(ValueError, match="no share"):
        wilson(found, of)
