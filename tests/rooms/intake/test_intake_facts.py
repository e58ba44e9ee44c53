import pytest
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.intake import actions, facts
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db


def test_facts_are_counts_by_codes_and_nothing_else():
    mona, year = accounts.user(role=Role.RECEPTION), timezone.localdate().year
    for urgency in ("now", "days", "days"):
        intake.concern(urgency=urgency)
    actions.close(intake.concern(urgency="days"), reason="advice_given", kind="partner", by=mona, at=timezone.now())

    assert set(facts.received_concerns()) == {
        ("now", "undecided", "received", year, 1),
        ("days", "undecided", "received", year, 2),
        ("days", "partner", "closed", year, 1),
    }


def test_every_code_of_a_fact_has_its_place_and_its_names():
    intake.concern()
    dimensions = facts.dimensions([timezone.localdate().year])

    (fact,) = facts.received_concerns()
    for dimension, code in zip(dimensions, fact[:-1], strict=True):
        assert str(code) in dimension.codes
    for dimension in dimensions[:-1]:
        assert {frozenset(names) for names in dimension.labels.values()} == {frozenset({"sv", "en"})}
        assert set(dimension.labels) == set(dimension.codes) - {"Total"}


def test_the_facts_are_read_with_two_questions(django_assert_num_queries):
    for _ in range(3):
        intake.concern()

    with django_assert_num_queries(2):
        list(facts.received_concerns())
