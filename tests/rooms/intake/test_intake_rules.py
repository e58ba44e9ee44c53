from datetime import date
from uuid import UUID

import pytest

from fridhem.pure.refusals import NotNow
from fridhem.rooms.intake import rules
from fridhem.rooms.intake.enums import Children, Status, Urgency
from fridhem.rooms.intake.rules import Said
from fridhem.rooms.processes import queries as processes

R, A, T, H, C = Status.RECEIVED, Status.ASSESSING, Status.TAKEN_UP, Status.HANDED_OVER, Status.CLOSED


@pytest.mark.parametrize(
    ("status", "may_go_to"),
    [(R, {A, T, H, C}), (A, {A, T, H, C}), (H, {A, C}), (T, set()), (C, {A})],
)
def test_a_concern_goes_only_where_the_table_says(status, may_go_to):
    assert {to for to in Status if rules.may_step(status, to)} == may_go_to
    for to in Status:
        if to in may_go_to:
            rules.check_step(status, to)
        else:
            with pytest.raises(NotNow):
                rules.check_step(status, to)


@pytest.mark.parametrize(
    ("children", "assessments", "needed"),
    [(Children.YES, 0, True), (Children.UNSURE, 0, True), (Children.NO, 0, False), (Children.YES, 1, False), ("", 0, True)],
)
def test_a_child_must_be_weighed_for_protection_before_a_decision(children, assessments, needed):
    assert rules.needs_protection_assessment(children, assessments) is needed
    for to in Status:
        if needed and to in {T, C}:
            with pytest.raises(NotNow):
                rules.check_protection(children, assessments, to)
        else:
            rules.check_protection(children, assessments, to)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 2), date(2026, 11, 16)),  # a Monday, two weeks later
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas Day and the weekend after it are no days to decide
        (date(2026, 10, 24), date(2026, 11, 9)),  # a Saturday, over the end of summer time
    ],
)
def test_the_decision_is_due_within_fourteen_days_on_a_working_day(received, due):
    assert rules.due_on(received, processes.limit("preliminary_assessment", on=received)) == due


def test_every_urgency_has_its_place_in_the_inbox():
    assert set(rules.RANK) == set(Urgency)
    assert rules.RANK[0] == Urgency.NOW


def test_what_was_said_is_read_from_older_and_newer_boxes():
    content = {"language": "sv", "urgency": "now", "what": "text", "at": "2026-01-01", "unknown": 1}

    assert Said.from_box(content) == Said(language="sv", urgency="now", what="text", children="")


def test_a_concern_has_a_number_that_tells_nothing():
    assert rules.number_of(UUID("df7cccad-0e58-4d8a-bcf9-4ba17023016c")) == "O-DF7CC"
