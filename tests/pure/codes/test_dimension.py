import pytest

from fridhem.pure.codes.dimension import Dimension

LEVELS = "levels,codes\n@,Total\n@@,D1\n@@@,A1\n@@@,A2\n@@,D2\n@@@,A3\n"


def test_a_tree_and_its_levels_are_the_same_dimension():
    tree = Dimension.tree("area", {"D1": ["A1", "A2"], "D2": ["A3"]})

    assert tree == Dimension.from_levels("area", LEVELS)
    assert tree.codes == ("Total", "D1", "A1", "A2", "D2", "A3")
    assert [tree.codes[i] for i in tree.leaves] == ["A1", "A2", "A3"]
    assert dict(zip(tree.codes, tree.members, strict=True)) == {
        "Total": {"A1", "A2", "A3"},
        "D1": {"A1", "A2"},
        "A1": {"A1"},
        "A2": {"A2"},
        "D2": {"A3"},
        "A3": {"A3"},
    }


def test_groups_say_which_values_a_leaf_counts():
    police = Dimension.flat("police", ["P1", "P2"], variable="area", groups={"A1": "P1", "A2": "P2", "A3": "P1"})

    assert police.members == ({"A1", "A2", "A3"}, {"A1", "A3"}, {"A2"})


def test_labels_and_titles_are_by_language_and_codes_stand_in_for_missing_ones():
    age = Dimension.flat("age", ["child"], titles={"sv": "Ålder"}, labels={"child": {"sv": "Barn"}})

    assert (age.title("sv"), age.title("en"), age.label("child"), age.label("child", "en")) == (
        "Ålder",
        "age",
        "Barn",
        "child",
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dimension.flat("a", []), "needs a total first and at least one code"),
        (lambda: Dimension.flat("a", ["x", "x"]), "has the code 'x' twice"),
        (lambda: Dimension("a", ("Total", "x"), (-1, 5)), "isn't a tree"),
        (lambda: Dimension("a", ("Total", "x"), (0, 0)), "needs a total first"),
        (lambda: Dimension.flat("a", ["x"], groups={"v": "y"}), "groups into 'y'"),
        (lambda: Dimension.from_levels("a", "levels,codes\n@,Total\n@@@,x\n"), "Row 3 of the hierarchy 'a'"),
        (lambda: Dimension.from_levels("a", "levels,codes\n@,Total\n@,x\n"), "Row 3 of the hierarchy 'a'"),
        (lambda: Dimension.flat("a", ["x"]).index("y"), "has no code 'y'"),
    ],
)
def test_what_is_no_dimension_is_refused_with_a_reason(make, message):
    with pytest.raises(ValueError, match=message):
        make()
