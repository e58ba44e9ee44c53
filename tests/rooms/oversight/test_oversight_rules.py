"""How a sample is drawn."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from fridhem.rooms.oversight import rules
from fridhem.rooms.oversight.enums import Flag, Outcome
from fridhem.rooms.oversight.rules import Reading

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
RULES = rules.sampling(date(2026, 11, 16))


def a_reading(number: int, *, outside: bool = False, at: datetime = NOON, actor: int = 1) -> Reading:
    return Reading(UUID(int=number), at, "casework.case.read", UUID(int=actor), outside)


def test_the_rules_of_a_day_are_those_in_force():
    assert RULES.lines == 20
    with pytest.raises(LookupError):
        rules.sampling(date(1999, 1, 1))


def test_the_unusual_is_drawn_more_often_as_its_weight_says():
    readings = [a_reading(number, outside=number == 0, actor=number) for number in range(100)]
    one = rules.Sampling(RULES.since, 1, RULES.night, RULES.many, RULES.weights)

    drawn = Counter(rules.draw(readings, one, seed=seed)[0][0].outside for seed in range(2000))

    assert 2000 * 9 / 108 * 0.75 < drawn[True] < 2000 * 9 / 108 * 1.25


def test_nothing_is_drawn_twice_and_the_order_given_does_not_matter():
    readings = [a_reading(number, actor=number) for number in range(100)]

    drawn = rules.draw(readings, RULES, seed=3)

    assert len({one.entry for one, _flags in drawn}) == 20
    assert rules.draw(list(reversed(readings)), RULES, seed=3) == drawn


def test_many_openings_are_counted_a_day():
    readings = [a_reading(number, at=NOON + timedelta(days=number % 2)) for number in range(2 * RULES.many)]
    assert {flag for flags in rules.flagged(readings, RULES).values() for flag in flags} == set()

    readings += [a_reading(1000 + number) for number in range(2)]
    assert Counter(flag for flags in rules.flagged(readings, RULES).values() for flag in flags) == {Flag.MANY: RULES.many + 2}


def test_a_breach_is_to_be_reported_within_72_hours():
    assert rules.breach_due(NOON, Outcome.BREACH) == NOON + timedelta(hours=72)
    assert rules.breach_due(NOON, Outcome.FINE) is None
