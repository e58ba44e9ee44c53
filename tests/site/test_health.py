"""The health page tells the administrator, and the machine's endpoint tells one word."""

import json
import shutil
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.site import health
from tests.factories import accounts

pytestmark = pytest.mark.django_db


def answer(what: str) -> health.Answer:
    """One line of the page."""
    return next(each for each in health.examine(timezone.now()) if str(each.what) == what)


@pytest.fixture
def backups(settings, tmp_path):
    """The house's own note of its backups, as the test says."""
    settings.FRIDHEM_DATA = tmp_path
    return lambda **what: (tmp_path / "backups.json").write_text(json.dumps(what))


def test_everything_is_asked_and_each_has_an_answer():
    answers = health.examine(timezone.now())

    assert len(answers) == len(health.CHECKS)
    assert {each.state for each in answers} <= {health.GOOD, health.SOON, health.BAD}
    assert answer("Databasen").state == health.GOOD
    assert answer("Nyckeltjänsten").state == health.GOOD
    assert answer("Databasens egen logg").state == health.GOOD


def test_no_worker_is_wrong():
    assert (answer("Arbetaren").state, answer("Arbetaren").found) == (
        health.BAD,
        "Ingen arbetare är igång: det som tar tid blir inte gjort.",
    )


def test_a_backup_is_good_then_soon_then_wrong(backups):
    states = []
    for ago in (timedelta(minutes=5), timedelta(hours=3), timedelta(days=2)):
        backups(made_at=(timezone.now() - ago).isoformat(), bytes=5_000_000)
        states.append(answer("Senaste säkerhetskopian").state)
    backups()
    states.append(answer("Senaste säkerhetskopian").state)
    backups(made_at=timezone.now().isoformat(), bytes=1, trouble="DiskFull")
    states.append(answer("Senaste säkerhetskopian").state)

    assert states == [health.GOOD, health.SOON, health.BAD, health.BAD, health.BAD]


def test_a_private_half_beside_the_backups_is_told(backups, tmp_path):
    assert answer("Vem som kan öppna kopiorna").state == health.GOOD
    (tmp_path / "recipients").mkdir()
    (tmp_path / "recipients" / "demo-keys.key").touch()

    assert answer("Vem som kan öppna kopiorna").state == health.SOON


def test_a_disk_without_room_is_wrong_and_the_machine_is_told(settings):
    assert Client().get("/halsa").content == b"ok\n"
    settings.FRIDHEM_SPARE_ROOM = shutil.disk_usage(settings.FRIDHEM_DATA).free + 10**12

    told = Client().get("/halsa")

    assert (told.status_code, told.content, answer("Disken").state) == (503, b"not ok\n", health.BAD)


def test_what_can_not_be_asked_is_wrong_and_says_so(settings, tmp_path):
    settings.FRIDHEM_DATA = tmp_path / "gone"

    assert (answer("Disken").state, answer("Disken").found) == (health.BAD, "Det går inte att fråga (FileNotFoundError).")


def test_the_page_is_for_the_administrator_alone():
    answers = {}
    for role in (Role.ADMINISTRATOR, Role.CASEWORKER, Role.TEAM_LEADER):
        client = Client()
        client.force_login(accounts.user(role=role))
        answers[role] = client.get("/intern/halsa/").status_code

    assert answers == {Role.ADMINISTRATOR: 200, Role.CASEWORKER: 403, Role.TEAM_LEADER: 403}
