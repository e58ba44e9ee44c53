"""What leaves is safe: judged by attackers written here, who share no code with the engine."""

import ast
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import fridhem
from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_columns
from fridhem.pure.cubes.raw_table import RawTable
from fridhem.pure.disclosure.attack import attack, find_alternatives
from fridhem.pure.disclosure.certificate import Certificate, NotSafe, Published
from fridhem.pure.disclosure.protect import protect, protect_all
from fridhem.pure.disclosure.relations import relate
from fridhem.pure.disclosure.rule import Rule
from fridhem.pure.disclosure.safe_table import SafeTable, restore, seal, what_is_published

MOST = 6  # the highest inner count the enumerating attacker tries; the tables below count to 5


def raw(inner, dimensions=None):
    """A table from its inner counts, one flat dimension per axis unless given."""
    inner = np.asarray(inner, np.int64)
    if dimensions is None:
        dimensions = [Dimension.flat(f"d{k}", [f"c{i}" for i in range(n)]) for k, n in enumerate(inner.shape)]
    leaves = [[d.codes[i] for i in d.leaves] for d in dimensions]
    combinations = list(itertools.product(*leaves))
    columns = {d.variable: [c[k] for c in combinations] for k, d in enumerate(dimensions)}
    return count_columns({**columns, "n": list(inner.ravel())}, dimensions, weight="n")


def masks(dimensions):
    """For every cell the inner cells that it sums, from what its codes count: (codes, mask over inner cells)."""
    leaves = [[d.codes[i] for i in d.leaves] for d in dimensions]
    inner = list(itertools.product(*leaves))
    for codes in itertools.product(*(d.codes for d in dimensions)):
        yield (
            codes,
            np.array(
                [all(leaf in d.members[d.index(c)] for d, c, leaf in zip(dimensions, codes, cell, strict=True)) for cell in inner]
            ),
        )


def enumerate_tables(dimensions, value, floor, near=None):
    """All inner tables (one per row) that a reader can't rule out, by trying everything.

    With `near` only tables whose inner counts are at most two from it are tried: fewer, so a stricter test of safety.
    """
    cells = list(masks(dimensions))
    inner = [codes for codes, mask in cells if mask.sum() == 1 and all(map(_is_leaf, dimensions, codes))]
    ranges = [(floor, MOST)] * len(inner) if near is None else [(max(floor, n - 2), n + 2) for n in near.ravel()]
    choices = [
        [value[codes]] if value[codes] is not None else list(range(low, high + 1))
        for codes, (low, high) in zip(inner, ranges, strict=True)
    ]
    tables = np.array(list(itertools.product(*choices)), np.int64)
    for codes, mask in cells:
        sums = tables @ mask
        tables = tables[sums >= floor if value[codes] is None else sums == value[codes]]
    return tables


def _is_leaf(dimension, code):
    return dimension.index(code) in dimension.leaves


def linear_range(table, target):
    """The lowest and highest a hidden cell can be, by linear programming over the inner cells."""
    cells, value = list(masks(table.dimensions)), dict(table.cells())
    size = len(cells[0][1])
    equal = [(mask, value[codes]) for codes, mask in cells if value[codes] is not None]
    atleast = [-mask.astype(float) for codes, mask in cells if value[codes] is None]
    aim = next(mask for codes, mask in cells if codes == target).astype(float)
    ends = []
    for sign in (1, -1):
        answer = linprog(
            sign * aim,
            A_eq=np.array([m for m, _ in equal], float) if equal else None,
            b_eq=[n for _, n in equal] if equal else None,
            A_ub=np.array(atleast, float),
            b_ub=np.full(len(atleast), -table.rule.floor),
            bounds=[(0, 1000)] * size,
        )
        ends.append(sign * answer.fun)
    return ends


def shapes(*shape):
    return st.lists(st.integers(0, 5), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(
        lambda n: np.array(n).reshape(shape)
    )


SMALL_TABLES = st.one_of(shapes(4), shapes(2, 2), shapes(2, 3), shapes(2, 2, 2))


@settings(max_examples=150, deadline=None)
@given(inner=SMALL_TABLES)
def test_a_reader_who_tries_every_table_never_finds_a_single_value(inner):
    table = protect(raw(inner), Rule(small=(1, 3)))
    possible = enumerate_tables(table.dimensions, dict(table.cells()), 1, near=inner)

    assert (possible == inner.ravel()).all(axis=1).any(), "the truth must be among them"
    for codes, mask in masks(table.dimensions):
        if table.value(**_named(table, codes)) is None:
            assert len(set(possible @ mask)) > 1


@settings(max_examples=40, deadline=None)
@given(inner=st.one_of(shapes(2, 2), shapes(3, 2)))
def test_a_reader_finds_no_single_value_where_zeros_are_hidden_too(inner):
    table = protect(raw(inner), Rule(small=(0, 2)))
    possible = enumerate_tables(table.dimensions, dict(table.cells()), 0, near=inner)

    for codes, mask in masks(table.dimensions):
        count = table.value(**_named(table, codes))
        assert count is None or count > 2
        assert count is not None or len(set(possible @ mask)) > 1


@settings(max_examples=25, deadline=None)
@given(
    inner=st.lists(st.one_of(st.integers(0, 6), st.integers(0, 60)), min_size=24, max_size=24),
    seed=st.integers(0, 3),
)
def test_linear_programming_leaves_two_whole_numbers_for_every_hidden_cell_of_a_hierarchy(inner, seed):
    area = Dimension.tree("area", {"D1": ["A1", "A2", "A3"], "D2": ["A4", "A5", "A6"]})
    kind = Dimension.flat("kind", ["k1", "k2", "k3", "k4"])
    table = protect(raw(np.reshape(inner, (6, 4)), [area, kind]), seed=seed)

    for codes, count in table.cells():
        if count is None:
            low, high = linear_range(table, codes)
            assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= 1
    assert attack(table) == ()


@settings(max_examples=60, deadline=None)
@given(inner=st.one_of(shapes(4), shapes(2, 2), shapes(2, 3)))
def test_our_attacker_finds_what_trying_every_table_finds_where_only_the_small_are_hidden(inner):
    """Such tables are full of leaks: the attacker must find them, not only fail to find any in a safe one."""
    table, seen, ids = only_small_hidden(raw(inner))
    value = {codes: None if seen.hidden[i] else int(seen.counts[i]) for codes, i in ids.items()}
    possible = enumerate_tables(table.dimensions, value, 1)

    narrow = np.zeros(len(seen.hidden), bool)
    narrow[seen.hidden] = find_alternatives(seen).narrow

    for codes, mask in masks(table.dimensions):
        if value[codes] is None:
            assert narrow[ids[codes]] == (len(set(possible @ mask)) == 1)


def only_small_hidden(table):
    """What a careless publisher shows: everything but the counts 1 to 3."""
    relations = relate([table.dimensions])
    hidden, counts = np.zeros(relations.cells, bool), np.zeros(relations.cells, np.int64)
    hidden[relations.ids[0]] = Rule(small=(1, 3)).hides(table.counts)
    counts[relations.ids[0]] = table.counts
    codes = itertools.product(*(d.codes for d in table.dimensions))
    ids = dict(zip(codes, relations.ids[0].ravel(), strict=True))
    return table, Published(relations.matrix, hidden, np.where(hidden, 0, counts), 1), ids


def test_a_row_with_one_small_count_gets_a_partner_in_row_and_column():
    inner = [[2, 20, 30], [20, 20, 30], [40, 50, 60]]

    table = protect(raw(inner))

    assert table.value(d0="c0", d1="c0") is None
    assert table.hidden == 4
    assert table.value() == 272
    assert attack(table) == ()


def test_zero_is_shown_as_zero_and_hidden_as_none():
    table = protect(raw([[0, 2, 30], [20, 20, 30], [40, 50, 60]]))

    assert table.value(d0="c0", d1="c0") == 0
    assert table.value(d0="c0", d1="c1") is None


def test_a_table_without_small_counts_is_published_whole():
    table = protect(raw([[10, 20], [30, 40]]))

    assert (table.hidden, dict(table.cells())[("Total", "Total")]) == (0, 100)


def test_a_table_of_nothing_but_small_counts_is_hidden_whole_and_still_safe():
    table = protect(raw([[1, 1], [1, 1]]))

    assert table.hidden == table.size
    assert attack(table) == ()


def test_a_table_of_zeros_shows_them():
    assert protect(raw([[0, 0], [0, 0]])).hidden == 0


def test_the_same_seed_gives_the_same_table():
    inner = np.random.default_rng(3).poisson(4, (6, 5))

    assert protect(raw(inner), seed=5).to_json() == protect(raw(inner), seed=5).to_json()


def test_linked_tables_dont_give_each_other_away():
    rng = np.random.default_rng(1)
    areas = [f"A{i}" for i in range(12)]
    district = {a: f"D{i // 4}" for i, a in enumerate(areas)}
    police = {a: f"P{i % 3}" for i, a in enumerate(areas)}
    tree = {d: [a for a in areas if district[a] == d] for d in ("D0", "D1", "D2")}
    kind = Dimension.flat("kind", ["k1", "k2", "k3"])
    facts = {"area": [], "kind": [], "n": []}
    for a, k in itertools.product(areas, ["k1", "k2", "k3"]):
        facts["area"].append(a), facts["kind"].append(k), facts["n"].append(int(rng.poisson(4)))
    by_area = count_columns(facts, [Dimension.tree("area", tree), kind], weight="n")
    by_police = count_columns(
        facts, [Dimension.flat("police", ["P0", "P1", "P2"], variable="area", groups=police), kind], weight="n"
    )
    by_district = count_columns(
        facts, [Dimension.flat("district", ["D0", "D1", "D2"], variable="area", groups=district), kind], weight="n"
    )

    together = protect_all([by_area, by_police, by_district])
    first, *others = together.tables

    assert first.hidden > 0
    assert attack(first, *others) == ()
    assert first.value(area="D1", kind="k1") == others[1].value(district="D1", kind="k1")


def test_linked_tables_protected_one_by_one_may_give_each_other_away():
    """Why tables are protected together: here each is safe alone, and one small count is the difference of the two."""
    groups = {"A1": "P1", "A2": "P1", "A3": "P2", "A4": "P2"}
    area = Dimension.tree("area", {"D1": ["A1", "A2", "A3"], "D2": ["A4"]})
    police = Dimension.flat("police", ["P1", "P2"], variable="area", groups=groups)
    facts = {"area": ["A1", "A2", "A3", "A4"], "n": [2, 30, 20, 40]}
    by_area, by_police = (count_columns(facts, [d], weight="n") for d in (area, police))

    alone = protect(by_area), protect(by_police)
    together = protect_all([by_area, by_police]).tables

    assert [attack(t) for t in alone] == [(), ()]
    assert [n.codes for n in attack(*alone)] != []
    assert attack(*together) == ()


def test_counts_that_contradict_each_other_are_refused():
    table = raw([[10, 20], [30, 40]])
    wrong = table.counts.copy()
    wrong[0, 0] += 1

    with pytest.raises(ValueError, match="contradict each other"):
        protect(RawTable(table.dimensions, wrong))


def test_the_record_says_why_and_the_table_doesnt():
    protected = protect_all([raw([[2, 20, 30], [20, 20, 30], [40, 50, 60]])])
    table, record = protected.tables[0], protected.record
    reasons = {codes: record.why(*codes) for codes, count in table.cells() if count is None}

    assert (record.small_cells, record.further_cells) == (1, 3)
    assert reasons[("c0", "c0")].small
    assert [r.guards for r in reasons.values() if not r.small] == [(("c0", "c0"),)] * 3
    assert record.why("Total", "Total") is None
    assert set(json.loads(table.to_json())) == {"format", "dimensions", "rule", "counts", "certificate"}


def test_steps_are_told():
    steps = []

    protect_all([raw([[2, 20], [20, 30]])], tell=steps.append)

    assert (steps[0], steps[1], steps[-1]) == ("choose", "attack", "seal")


@pytest.mark.parametrize("small", [(2, 4), (1, 0), (-1, 4)])
def test_a_rule_that_makes_no_sense_is_refused(small):
    with pytest.raises(ValueError, match="isn't a rule"):
        Rule(small=small)


# ── The type carries the promise ──────────────────────────────────────────


def test_a_safe_table_cant_be_made_elsewhere():
    table = raw([[10, 20], [30, 40]])

    with pytest.raises(TypeError, match="Only protect"):
        SafeTable(table.dimensions, np.ones((3, 3), bool), table.counts.ravel(), Rule(), Certificate(np.zeros((0, 0))))


def test_only_protect_knows_the_seal():
    source = Path(fridhem.__file__).parent
    importers = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("disclosure.safe_table"):
                importers |= {path.name for alias in node.names if alias.name in ("seal", "_SEAL")}

    assert importers == {"protect.py"}


def test_a_hidden_count_is_nowhere_in_the_table():
    """Another truth that looks the same from outside gives the very same bytes, certificate and all."""
    table = protect(raw([[2, 20, 30], [20, 20, 30], [40, 50, 60]]))
    hidden = [codes for codes, count in table.cells() if count is None]
    other = np.array([[2, 20, 30], [20, 20, 30], [40, 50, 60]])
    i, j = {c[0] for c in hidden}, {c[1] for c in hidden}
    (a, b), (c, d) = (sorted(int(x[1:]) for x in side) for side in (i, j))
    other[a, c] += 1
    other[b, d] += 1
    other[a, d] -= 1
    other[b, c] -= 1

    again = protect(raw(other))

    assert again.to_json() == table.to_json()


def test_a_table_survives_being_stored():
    table = protect(raw(np.random.default_rng(2).poisson(3, (5, 4))))

    again = restore(table.to_json())

    assert list(again.cells()) == list(table.cells())
    assert again.rule == table.rule
    assert again.to_json() == table.to_json()


def test_a_stored_table_that_was_tampered_with_is_refused():
    table = protect(raw([[2, 20, 30], [20, 20, 30], [40, 50, 60]]))
    for change, reason in [
        (lambda d: d["counts"].__setitem__(0, 999), "don't add up"),
        (lambda d: d["counts"].__setitem__(d["counts"].index(None), 2), "small count"),
        (lambda d: d["counts"].__setitem__(d["counts"].index(None), 20), "doesn't fit|doesn't add up|computed"),
        (lambda d: d.__setitem__("certificate", "0:"), "can't be read"),
        (lambda d: d.__setitem__("certificate", Certificate(np.ones((2, 3))).to_text()), "doesn't fit"),
        (lambda d: d.__setitem__("certificate", Certificate(np.zeros((2, 4))).to_text()), "below 1"),
        (lambda d: d.__setitem__("certificate", Certificate(np.ones((2, 4))).to_text()), "doesn't add up"),
        (lambda d: d.__setitem__("format", "other"), "isn't a safe table"),
    ]:
        data = json.loads(table.to_json())
        change(data)
        with pytest.raises(ValueError, match=reason):
            restore(json.dumps(data))


def test_a_safe_table_that_isnt_is_never_made():
    table, seen, _ = only_small_hidden(raw([[2, 20, 30], [20, 20, 30], [40, 50, 60]]))
    certificate = Certificate(find_alternatives(seen).alternatives)

    with pytest.raises(NotSafe, match="1 of 1 hidden cells can be computed"):
        seal(table.dimensions, table.counts, Rule(small=(1, 3)).hides(table.counts), Rule(), certificate)


def test_unknown_dimensions_and_codes_are_refused_by_name():
    table = protect(raw([[10, 20], [30, 40]]))

    with pytest.raises(ValueError, match="isn't counted by 'sex'"):
        table.value(sex="f")
    with pytest.raises(ValueError, match="has no code 'x'"):
        table.value(d0="x")


def test_two_tables_that_disagree_cant_be_read_together():
    with pytest.raises(NotSafe, match="different counts for the same cell"):
        what_is_published([protect(raw([[10, 20], [30, 40]])), protect(raw([[10, 20], [30, 41]]))])


def _named(table, codes):
    return {d.name: c for d, c in zip(table.dimensions, codes, strict=True)}
