"""Sessions: what is stored, when they end, and what each way in opens."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from fridhem.foundation.accounts import actions, entrances, sealing, sessions
from fridhem.foundation.accounts.enums import Entrance, Role, Zone
from fridhem.foundation.accounts.models import Session, User
from fridhem.foundation.audit.models import Entry
from tests.factories import accounts

PASSWORD = "fyra ord är bättre"


@pytest.fixture
def viola(db) -> User:
    user = accounts.user(Role.CASEWORKER, username="viola", name="Viola Vintergäck", unit=accounts.unit("Vuxen våld"))
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def arvid(db) -> User:
    return accounts.user(Role.ADMINISTRATOR, username="arvid")


def with_password(user: User) -> Client:
    client = Client()
    client.post("/logga-in/", {"login": user.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def test_the_row_tells_neither_the_key_nor_what_is_in_it(viola):
    client = with_password(viola)

    row = Session.objects.get(user=viola)
    key = client.cookies["s"].value
    assert row.pk == sessions.digest(key) != key
    assert row.entrance == Entrance.PASSWORD
    assert "viola" not in row.session_data
    assert sessions.SessionStore(key).load()["account_authentication_methods"][0]["username"] == "viola"


def test_the_content_of_one_session_opens_nothing_in_another_row(viola):
    client = with_password(viola)
    other = Client()
    other.post("/sprak/", {"language": "en", "next": "/"})
    accounts.sign_in(other, accounts.user())

    mine = Session.objects.get(pk=sessions.digest(client.cookies["s"].value))
    Session.objects.filter(pk=sessions.digest(other.cookies["s"].value)).update(session_data=mine.session_data)

    assert not is_in(other)


@pytest.mark.parametrize("damage", ["", "AAAA", "not base64 ø"])
def test_what_was_altered_does_not_open(damage):
    with pytest.raises(sealing.Broken):
        sealing.unseal(damage, kind="session")


def test_a_session_left_alone_ends(viola):
    client = with_password(viola)

    Session.objects.filter(user=viola).update(seen_at=timezone.now() - timedelta(minutes=31))

    assert not is_in(client)


def test_a_session_in_use_is_noted_and_ends_with_the_day(viola):
    client = with_password(viola)
    Session.objects.filter(user=viola).update(seen_at=timezone.now() - timedelta(minutes=29))

    assert is_in(client)
    assert timezone.now() - Session.objects.get(user=viola).seen_at < timedelta(minutes=1)

    Session.objects.filter(user=viola).update(expire_date=timezone.now())
    assert not is_in(client)


def test_using_a_session_never_makes_it_longer(viola):
    client = with_password(viola)
    ends = Session.objects.get(user=viola).expire_date

    client.post("/sprak/", {"language": "en", "next": "/"})
    client.session.save()

    assert Session.objects.get(user=viola).expire_date == ends


@pytest.mark.parametrize("what", ["deactivate", "move"])
def test_every_session_ends_when_the_account_does_or_the_role_changes(viola, arvid, what):
    clients = [with_password(viola), with_password(viola)]
    more = {"move": {"role": Role.RECEPTION, "unit": "Mottag"}}.get(what, {})

    getattr(actions, what)(viola, by=arvid, at=timezone.now(), **more)

    assert [is_in(client) for client in clients] == [False, False]


def test_a_request_under_way_when_its_session_ends_does_not_bring_it_back(viola):
    client = with_password(viola)
    store = client.session
    sessions.end_all(viola.pk)

    with pytest.raises(UpdateError):
        store.save()

    assert not is_in(client)


def test_one_ends_a_session_of_ones_own_and_nobody_elses(viola):
    here, there = with_password(viola), with_password(viola)
    stranger = Client()
    accounts.sign_in(stranger, accounts.user())
    digest = sessions.digest(there.cookies["s"].value)

    stranger.post(f"/konto/sessioner/{digest}/")
    assert is_in(there)

    here.post(f"/konto/sessioner/{digest}/")
    assert [is_in(here), is_in(there)] == [True, False]
    assert Entry.objects.filter(verb="accounts.session.ended", actor=viola.pk).count() == 1


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(viola):
    here, there = with_password(viola), with_password(viola)
    here.post("/konto/bekrafta/losenord/?next=/konto/losenord/", {"password": PASSWORD})

    answer = here.post("/konto/losenord/", {"password": "fyra helt andra ord här"})

    assert answer.status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]


@pytest.mark.parametrize(
    ("entrance", "opens"),
    [
        (Entrance.PASSKEY, True),
        (Entrance.PROVIDER_STRONG, True),
        (Entrance.DEMONSTRATION, False),  # made while the demonstration was on, which it isn't
        (Entrance.PROVIDER, False),
        (Entrance.TOTP, False),
        (Entrance.PASSWORD, False),
        (Entrance.ONE_TIME_CODE, False),
        ("", False),
        ("a word of tomorrow", False),
    ],
)
def test_only_what_cannot_be_phished_opens_the_protected_zone(viola, entrance, opens):
    with entrances.withholding(viola.pk, entrances.withheld_by(entrance)):
        again = User.objects.get(pk=viola.pk)
        assert (Zone.PROTECTED in viola.zones, Zone.PROTECTED in again.zones) == (opens, opens)
        assert Zone.CASE in viola.zones

    assert Zone.PROTECTED in viola.zones


def test_one_click_counts_as_a_passkey_in_the_demonstration(settings):
    settings.FRIDHEM_DEMO = True

    assert entrances.withheld_by(Entrance.DEMONSTRATION) == frozenset()


def test_old_sessions_are_cleared_away(viola):
    with_password(viola)
    Session.objects.filter(user=viola).update(seen_at=timezone.now() - timedelta(hours=1))

    sessions.SessionStore.clear_expired()

    assert Session.objects.filter(user=viola).count() == 0
