"""Who may order and release, when, and what becomes of the true counts."""

import json

import pytest
from django.db import IntegrityError, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.disclosure.attack import attack
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.statistics import actions, queries
from fridhem.rooms.statistics.enums import Status, Table
from fridhem.rooms.statistics.models import Release
from tests.factories import accounts, statistics

pytestmark = pytest.mark.django_db
AT = statistics.AT


@pytest.mark.parametrize("role", Role.values)
def test_only_the_strategist_orders_and_releases(role):
    user = accounts.user(role)

    for do in (
        lambda: actions.order(key=Table.GRANTED_REASONS, year=2025, by=user, at=AT),
        lambda: actions.sign(Release(), by=user, at=AT),
    ):
        if role == Role.STRATEGIST:
            continue
        with pytest.raises(Denied):
            do()
    assert Release.objects.exists() is False


def test_what_is_ordered_is_counted_protected_and_proven():
    statistics.facts()

    release = statistics.ready()

    table = queries.table_of(release)
    assert release.status == Status.READY
    assert table.value(district="centrum") == 33
    assert table.value(intervention="support_talks") == 62
    assert table.value(intervention="support_talks", reason="economic_violence", district="centrum") is None
    assert table.value(intervention="protected_housing") == 0
    assert attack(table) == ()


def test_no_small_count_is_kept_anywhere():
    statistics.facts()

    counts = json.loads(statistics.ready().table)["counts"]

    assert None in counts
    assert {1, 2, 3, 4}.isdisjoint(counts)


def test_a_release_says_who_and_when_and_replaces_the_earlier_one():
    statistics.facts()
    by = statistics.strategist()

    first, second = statistics.released(by=by), statistics.released(by=by)

    first.refresh_from_db()
    assert (first.status, second.status) == (Status.REPLACED, Status.RELEASED)
    assert (second.released_by, second.released_at) == (by, AT)
    verbs = list(Entry.objects.filter(subject=second.pk).values_list("verb", flat=True))
    assert sorted(verbs) == ["statistics.release.ordered", "statistics.release.ready", "statistics.release.released"]


def test_a_year_is_ordered_once_at_a_time():
    by = statistics.strategist()
    actions.order(key=Table.GRANTED_REASONS, year=2025, by=by, at=AT)

    with pytest.raises(NotNow):
        actions.order(key=Table.GRANTED_REASONS, year=2025, by=by, at=AT)
    assert Release.objects.count() == 1


def test_what_is_not_ready_is_not_released_and_nothing_twice():
    statistics.facts()
    by = statistics.strategist()
    ordered = actions.order(key=Table.GRANTED_REASONS, year=2025, by=by, at=AT)

    with pytest.raises(NotNow):
        actions.sign(ordered, by=by, at=AT)
    released = actions.sign(actions.count_and_protect(ordered.pk, at=AT), by=by, at=AT)
    with pytest.raises(NotNow):
        actions.sign(released, by=by, at=AT)


def test_counting_again_after_an_interruption_gives_one_table():
    statistics.facts()
    ordered = actions.order(key=Table.GRANTED_REASONS, year=2025, by=statistics.strategist(), at=AT)
    Release.objects.filter(pk=ordered.pk).update(status=Status.COUNTING)

    first = actions.count_and_protect(ordered.pk, at=AT)
    again = actions.count_and_protect(ordered.pk, at=AT)

    assert (first.status, again.table) == (Status.READY, first.table)


def test_a_year_without_facts_is_all_zeros():
    release = statistics.ready(year=2031)

    assert queries.table_of(release).value() == 0


def test_the_database_keeps_one_table_in_force_and_every_release_signed():
    statistics.facts()
    release = statistics.released()

    for wrong in ({"released_by": None}, {"table": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.filter(pk=release.pk).update(**wrong)
    other = statistics.ready()
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=other.pk).update(status=Status.RELEASED, released_by=release.released_by, released_at=AT)


def test_a_damaged_table_is_never_shown():
    statistics.facts()
    release = statistics.released()
    data = json.loads(release.table)
    shown = next(i for i, count in enumerate(data["counts"]) if count == 62)
    data["counts"][shown] = 63
    Release.objects.filter(pk=release.pk).update(table=json.dumps(data), extracted_at=None)
    release.refresh_from_db()

    with pytest.raises(ValueError, match="add up"):
        queries.table_of(release)
