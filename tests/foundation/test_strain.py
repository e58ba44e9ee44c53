"""What happens when too much comes at once, by a clock of the test's own."""

import random
import uuid

from fridhem.foundation.strain.floods import Flood
from fridhem.foundation.strain.guesses import Guesses


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_right_guess_costs_nothing_and_wrong_ones_empty_the_bucket():
    guesses = Guesses(Clock(), per_second=1, most=3)
    for _ in range(100):
        assert guesses.may_try(uuid.uuid4())
        guesses.was_right()

    assert [guesses.may_try(uuid.uuid4()) for _ in range(5)] == [True, True, True, False, False]


def test_an_attempt_that_waits_is_drawn_when_a_drop_falls():
    clock = Clock()
    guesses = Guesses(clock, per_second=1, most=1)
    assert guesses.may_try(uuid.uuid4())
    waiting = uuid.uuid4()
    assert not guesses.may_try(waiting)

    clock.now = 1.5

    assert guesses.may_try(waiting)


def test_the_lot_falls_on_attempts_and_not_on_questions():
    """One who asks ten times as often is drawn no sooner."""
    clock, chance, first = Clock(), random.Random(3), []
    for _ in range(400):
        guesses = Guesses(clock, per_second=1, most=1)
        guesses.may_try(uuid.uuid4())
        eager, calm = uuid.uuid4(), uuid.uuid4()
        asked = [eager] * 10 + [calm]
        while True:
            clock.now += 0.5
            chance.shuffle(asked)
            let_in = [each for each in asked if guesses.may_try(each)]
            if let_in:
                first.append(let_in[0] == calm)
                break

    assert 0.3 < sum(first) / len(first) < 0.7


def test_the_bowl_has_an_end():
    guesses = Guesses(Clock(), per_second=1, most=1, room=50)
    for _ in range(5000):
        guesses.may_try(uuid.uuid4())

    assert len(guesses._waiting) == 50


def test_one_who_left_is_not_drawn():
    clock = Clock()
    guesses = Guesses(clock, per_second=1, most=1, patience=10)
    guesses.may_try(uuid.uuid4())
    gone, here = uuid.uuid4(), uuid.uuid4()
    guesses.may_try(gone)
    clock.now = 0.5
    guesses.may_try(here)

    clock.now = 11

    assert guesses.may_try(uuid.uuid4()) or guesses.may_try(here)
    assert gone not in guesses._waiting


def test_an_ordinary_day_marks_nothing():
    clock = Clock()
    flood = Flood(clock, many=3, seconds=60)
    marks = []
    for _ in range(10):
        clock.now += 30
        marks.append(flood.mark("Samma ord."))

    assert marks == [None] * 10


def test_a_flood_marks_what_is_alike_alike():
    flood = Flood(Clock(), many=3, seconds=60)
    marks = [flood.mark(text) for text in ("a", "b", "c", "Samma  ord.", "samma ord.", "Andra ord.", "\ud800")]

    assert marks[:3] == [None] * 3
    assert marks[3] == marks[4]
    assert len(set(marks[3:])) == 3
    assert all(len(mark) == 8 for mark in marks[3:])


def test_a_mark_can_not_be_made_again_by_anyone_else():
    first, second = Flood(Clock(), many=0, seconds=60), Flood(Clock(), many=0, seconds=60)

    assert first.mark("Samma ord.") != second.mark("Samma ord.")
