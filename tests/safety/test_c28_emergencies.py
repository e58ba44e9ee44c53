"""C28: a case that is opened in an emergency closes by itself, is told to the leaders at once, and is always reviewed."""

import datetime as dt
import time
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure.deadlines import openings
from fridhem.rooms.casework.actions import emergencies as actions
from fridhem.rooms.casework.enums import Emergency, Place, Sees
from fridhem.rooms.casework.models import BreakGlass, NeedToKnow
from fridhem.rooms.casework.queries import emergencies as queries
from tests.factories import accounts, casework

pytestmark = [pytest.mark.urls("fridhem.site.urls.staff"), pytest.mark.safety("C28")]
LASTS = openings.lasts("break_glass", on=dt.date(2026, 11, 2))
# How long ago it was opened, and whether it's open still.
AGES = [(dt.timedelta(0), True), (LASTS - dt.timedelta(seconds=20), True), (LASTS, False), (2 * LASTS, False)]


@pytest.fixture
def reads(client, behind_walls):
    """The answer that someone gets who asks for a case, behind the database's own walls."""

    def ask(user, case) -> int:
        client.force_login(user)
        with behind_walls():
            return client.get(reverse("casework:case", args=[case.number])).status_code

    return ask


def openings_made(number: int, mona, colleague) -> Iterator[tuple[BreakGlass, bool]]:
    """Emergency openings of one case each, every second with a second person; with whether it's open now."""
    for reason, (ago, is_open), n in zip(cycle(Emergency.values), cycle(AGES), range(number), strict=False):
        at, case = timezone.now() - ago, casework.case()
        with accounts.at_work(mona):
            glass = actions.ask(case.number, by=mona, at=at, reason=reason, words="Ingen svarar.")
        by, verb = (colleague, actions.approve) if n % 2 else (mona, actions.open_alone)
        with accounts.at_work(by):
            yield verb(glass, by=by, at=at), is_open


@pytest.mark.django_db
def test_every_opening_is_told_reviewed_and_over_in_time(reads, size, proof):
    mona, colleague = accounts.user(Role.RECEPTION), accounts.user(Role.RECEPTION)
    leader = accounts.user(Role.TEAM_LEADER)
    made = list(openings_made(size(40, 400), mona, colleague))

    answers = [reads(mona, glass.case) for glass, _open in made]

    assert answers == [200 if is_open else 404 for _glass, is_open in made]
    told = {alert.subject: alert for alert in Alert.objects.filter(kind=AlertKind.BREAK_GLASS, roles=[Role.TEAM_LEADER])}
    assert {glass.pk for glass, _open in made} == set(told)
    assert all(told[glass.pk].at - glass.opened_at <= dt.timedelta(seconds=60) for glass, _open in made)
    assert set(queries.to_review(leader)) == {glass for glass, _open in made}
    verbs = ("casework.emergency.approved", "casework.emergency.opened_alone")
    assert Entry.objects.filter(verb__in=verbs).exclude(reason="").count() == len(made)
    proof.measured(f"{len(made)} openings: 100 % told in the same transaction, 100 % in the review queue, 0 open after {LASTS}")


@pytest.mark.django_db(transaction=True)
def test_an_opening_closes_by_the_clock_while_it_is_used(reads, proof):
    """Real time passes; nobody does anything."""
    who = {"role": Role.RECEPTION, "place": Place.ELSEWHERE}  # gone when another test has emptied every table
    NeedToKnow.objects.get_or_create(**who, defaults={"sees": Sees.EXISTS, "valid_from": dt.date(2020, 1, 1)})
    mona, case, left = accounts.user(Role.RECEPTION), casework.case(), dt.timedelta(seconds=15)
    at = timezone.now() - LASTS + left
    with accounts.at_work(mona):
        glass = actions.ask(case.number, by=mona, at=at, reason="life", words="Ingen svarar.")
        glass = actions.open_alone(glass, by=mona, at=at)
    assert reads(mona, case) == 200

    while reads(mona, case) == 200 and timezone.now() < glass.until + dt.timedelta(seconds=60):
        time.sleep(0.1)

    late = timezone.now() - glass.until
    assert reads(mona, case) == 404
    assert dt.timedelta(0) <= late < dt.timedelta(seconds=60)
    proof.measured(f"closed {late.total_seconds():.1f} s after its hour, while it was being read")


@pytest.mark.django_db
def test_the_control_an_opening_without_an_end_would_be_seen(reads, proof):
    mona, colleague = accounts.user(Role.RECEPTION), accounts.user(Role.RECEPTION)
    ((glass, _open),) = openings_made(1, mona, colleague)
    BreakGlass.objects.filter(pk=glass.pk).update(opened_at=timezone.now() - 2 * LASTS, until=timezone.now() + LASTS)

    assert reads(mona, glass.case) == 200
    proof.measured("an opening made without an end is found by the same reading")
