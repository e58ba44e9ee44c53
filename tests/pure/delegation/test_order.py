"""The delegation order as dated data: each decision keeps what was in force on its day."""

import datetime as dt

import pytest

from fridhem.pure.delegation.order import UnknownDecision, read_order

ORDER = """
[[kind]]
code = "help"
sv = "Hjälp"
en = "Help"
ground = "old_law"
outcomes = ["granted", "refused"]
against = ["refused"]
appeal = "court"
valid_from = 2020-01-01
valid_to = 2025-06-30

[[kind]]
code = "help"
sv = "Stöd"
en = "Support"
ground = "new_law"
outcomes = ["granted"]
valid_from = 2025-07-01

[[item]]
code = "V1"
kinds = ["help"]
roles = ["team_leader"]
valid_from = 2020-01-01

[[appeal]]
code = "court"
span = "P3W"
valid_from = 2020-01-01

[[follow_up]]
code = "housing"
span = "P1M"
valid_from = 2020-01-01
"""
OLD, NEW = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def test_a_kind_is_as_it_was_on_its_day():
    order = read_order(ORDER)

    assert [(order.kind("help", on=day).ground, order.kind("help", on=day).label()) for day in (OLD, NEW)] == [
        ("old_law", "Hjälp"),
        ("new_law", "Stöd"),
    ]
    with pytest.raises(UnknownDecision):
        order.kind("help", on=dt.date(2019, 12, 31))


def test_an_item_gives_a_kind_to_a_role_and_no_other():
    order = read_order(ORDER)

    found = [order.item_for("help", role=role, on=NEW) for role in ("team_leader", "caseworker")]
    assert [item and item.code for item in found] == ["V1", None]
    assert order.item_for("other", role="team_leader", on=NEW) is None


def test_days_are_counted_to_a_working_day():
    order = read_order(ORDER)

    assert order.appeal("court", on=NEW).last_day(dt.date(2026, 11, 2)) == dt.date(2026, 11, 23)
    assert order.follow_up_on("housing", start=dt.date(2026, 10, 31)) == dt.date(2026, 11, 30)
    assert order.follow_up_on("talks", start=NEW) is None


@pytest.mark.parametrize(("was", "now"), [("2025-06-30", "2025-07-01"), ("P3W", "soon"), ('ground = "old_law"\n', "")])
def test_a_bad_order_is_refused(was, now):
    with pytest.raises((ValueError, TypeError)):
        read_order(ORDER.replace(was, now, 1))
