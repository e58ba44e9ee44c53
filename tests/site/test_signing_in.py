"""Signing in, as the server sees it. The ceremonies with real passkeys are among the browser tests."""

import json
import re
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts import actions
from fridhem.foundation.accounts.enums import Entrance, Role
from fridhem.foundation.accounts.models import OneTimeCode, Session, User
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure.refusals import Denied, NotNow
from tests.factories import accounts

PASSWORD = "fyra ord är bättre"


@pytest.fixture
def viola(db) -> User:
    user = accounts.user(Role.CASEWORKER, username="viola", name="Viola Vintergäck")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def arvid(db) -> User:
    return accounts.user(Role.ADMINISTRATOR, username="arvid")


@pytest.fixture
def office(arvid) -> Client:
    client = Client()
    accounts.sign_in(client, arvid)
    return client


def try_password(client: Client, username: str, password: str, address: str = "192.0.2.1"):
    return client.post("/logga-in/", {"login": username, "password": password}, REMOTE_ADDR=address)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def connect_app(client: Client) -> str:
    """Connect an app to the account that is signed in by password, and return its secret."""
    client.post("/konto/bekrafta/losenord/?next=/konto/app/", {"password": PASSWORD})
    secret = re.search(r"<b class=\"fh-nowrap\">(\w+)</b>", client.get("/konto/app/").content.decode()).group(1)
    assert client.post("/konto/app/", {"code": code_of(secret)}).status_code == 302
    return secret


def test_wrong_and_unknown_are_told_apart_by_nobody(viola):
    wrong = try_password(Client(), "viola", "fel")
    unknown = try_password(Client(), "ingen", "fel")

    def said(answer) -> str:
        return re.sub(r'(value="[^"]{64}"|value="(viola|ingen)"|X-CSRFToken": "\w+")', "", answer.content.decode())

    assert (wrong.status_code, said(wrong)) == (unknown.status_code, said(unknown))
    assert "Användarnamnet eller lösenordet är fel" in said(wrong)
    assert list(Entry.objects.order_by("at").values_list("verb", "subject", "actor")) == [
        ("accounts.user.sign_in_failed", viola.pk, None),
        ("accounts.user.sign_in_failed", None, None),
    ]


def test_a_closed_account_is_told_apart_by_nobody_either(viola):
    viola.is_active = False
    viola.save()

    answer = try_password(Client(), "viola", PASSWORD)

    assert "Användarnamnet eller lösenordet är fel" in answer.content.decode()
    assert Session.objects.filter(user=viola).count() == 0


def test_guessing_from_one_address_stops_there_and_nowhere_else(viola):
    mallory = Client()
    for guess in range(5):
        try_password(mallory, "viola", f"gissning {guess}")

    assert "För många försök" in try_password(mallory, "viola", PASSWORD).content.decode()
    neighbour = accounts.user(username="granne")
    neighbour.set_password(PASSWORD)
    neighbour.save()
    assert try_password(Client(), "granne", PASSWORD).status_code == 302
    assert try_password(Client(), "viola", PASSWORD, address="192.0.2.77").status_code == 302


def test_guessing_from_everywhere_stops_the_password_and_tells_once(viola):
    for guess in range(105):
        try_password(Client(), "viola", "", address=f"198.51.100.{guess % 250}")  # nothing is hashed for an empty password
    assert Entry.objects.filter(verb="accounts.user.sign_in_failed").count() == 0

    from fridhem.foundation.accounts.adapters import AccountAdapter

    for guess in range(102):
        request = Client().get("/logga-in/", REMOTE_ADDR=f"203.0.113.{guess}").wsgi_request
        request.method = "POST"
        with suppress(ValidationError):
            AccountAdapter().pre_authenticate(request, username="viola", password="x")

    assert [(alert.kind, alert.about_user) for alert in Alert.objects.all()] == [("sign_in", viola.pk)]
    assert "För många försök" in try_password(Client(), "viola", PASSWORD, address="203.0.113.250").content.decode()


def test_a_code_from_the_app_is_asked_for_after_the_password_and_opens_no_more(viola):
    first = Client()
    try_password(first, "viola", PASSWORD)
    secret = connect_app(first)
    stored = Authenticator.objects.get(user=viola, type="totp").data["secret"]
    assert secret not in stored

    second = Client()
    assert try_password(second, "viola", PASSWORD).url == "/logga-in/steg-tva/"
    assert second.get("/konto/").status_code == 302
    wrong = second.post("/logga-in/steg-tva/", {"code": "000000"})
    assert "Den gick inte att använda" in wrong.content.decode()
    time.sleep(max(0.0, 30.5 - time.time() % 30) if time.time() % 30 > 25 else 0)
    right = second.post("/logga-in/steg-tva/", {"code": code_of(secret)})

    assert right.status_code == 302
    assert Session.objects.filter(user=viola, entrance=Entrance.TOTP).count() == 1
    third = Client()
    try_password(third, "viola", PASSWORD)
    replayed = third.post("/logga-in/steg-tva/", {"code": code_of(secret)})
    assert replayed.status_code == 200, "the same code is good once"


def test_recovery_codes_are_shown_once_and_are_good_once(viola):
    client = Client()
    try_password(client, "viola", PASSWORD)
    connect_app(client)
    shown = re.findall(r"<li><b>(\d{8})</b></li>", client.get("/konto/reservkoder/").content.decode())
    assert len(shown) == 10
    assert "<li><b>" not in client.get("/konto/reservkoder/").content.decode()

    def enter(code: str) -> int:
        other = Client()
        try_password(other, "viola", PASSWORD)
        return other.post("/logga-in/steg-tva/", {"code": code}).status_code

    assert (enter(shown[0]), enter(shown[0])) == (302, 200)


# ── One-time codes ────────────────────────────────────────────────────────


def hand_out(office: Client, user: User) -> str:
    page = office.post(f"/intern/medarbetare/{user.pk}/engangskod/").content.decode()
    return re.search(r"<b class=\"fh-nowrap\">([\w-]+)</b>", page).group(1)


def test_a_one_time_code_opens_the_page_for_a_passkey_once_and_no_protected_zone(viola, office):
    code = hand_out(office, viola)
    client = Client()

    answer = client.post("/logga-in/engangskod/", {"code": code})

    assert answer.url == "/konto/passnycklar/ny/"
    assert client.get(answer.url).status_code == 200
    assert Session.objects.get(user=viola).entrance == Entrance.ONE_TIME_CODE
    assert Client().post("/logga-in/engangskod/", {"code": code}).status_code == 422


@pytest.mark.parametrize("how", ["old", "replaced", "closed", "made up", "someone else's"])
def test_a_code_that_does_not_hold_is_refused_in_the_same_words(viola, office, arvid, how):
    code, client = hand_out(office, viola), Client()
    match how:
        case "old":
            OneTimeCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "replaced":
            hand_out(office, viola)
        case "closed":
            actions.deactivate(viola, by=arvid, at=timezone.now())
        case "made up":
            code = "22222-22222-22222-22222"
        case "someone else's":
            accounts.sign_in(client, accounts.user(), Entrance.PASSWORD)

    answer = client.post("/logga-in/engangskod/", {"code": code})

    assert answer.status_code == 422
    assert "Koden är fel, använd eller för gammal" in answer.content.decode()


def test_a_password_never_becomes_a_passkey_by_itself(viola):
    client = Client()
    try_password(client, "viola", PASSWORD)
    client.post("/konto/bekrafta/losenord/?next=/konto/", {"password": PASSWORD})

    answer = client.get("/konto/passnycklar/ny/")

    assert answer.status_code == 403
    assert "Du behöver en engångskod" in answer.content.decode()
    assert client.post("/konto/passnycklar/ny/", {"credential": "{}"}).status_code == 403


DEEP = "[" * 20_000
INSIDE = {"clientDataJSON": urlsafe_b64encode(DEEP.encode()).decode(), "authenticatorData": "", "signature": ""}


@pytest.mark.parametrize("credential", [DEEP, json.dumps({"id": "a", "rawId": "YQ", "type": "public-key", "response": INSIDE})])
def test_a_credential_that_is_nested_beyond_reading_is_none(viola, credential):
    client = Client()
    by_passkey = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    try_password(client, "viola", PASSWORD)
    again = client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential})
    connect_app(client)
    client.post("/logga-ut/")
    try_password(client, "viola", PASSWORD)
    second = client.post(reverse("mfa_authenticate"), {"credential": credential})

    assert [answer.status_code for answer in (by_passkey, again, second)] == [302, 302, 200]
    assert not second.wsgi_request.user.is_authenticated


def test_the_data_protection_officer_hears_of_a_code_for_someone_who_has_been_in_before(viola, office):
    hand_out(office, viola)
    assert Alert.objects.count() == 0

    try_password(Client(), "viola", PASSWORD)
    hand_out(office, viola)

    assert list(Alert.objects.values_list("kind", "subject", "roles")) == [("sign_in", viola.pk, [Role.PRIVACY_OFFICER])]


def test_the_first_administrator_is_invited_from_the_machine(db, capsys):
    call_command("invite", "anna", "--name", "Anna Ask", "--unit", "Kansli")

    code = capsys.readouterr().out.splitlines()[1]
    answer = Client().post("/logga-in/engangskod/", {"code": code})
    assert answer.url == "/konto/passnycklar/ny/"
    assert User.objects.get(username="anna").role == Role.ADMINISTRATOR


# ── The administrator's list ──────────────────────────────────────────────


def test_the_administrator_adds_moves_and_closes_and_the_record_says_so(office, arvid):
    office.post("/intern/medarbetare/ny/", {"name": "Ny", "username": "ny", "role": "reception", "unit": "Mottag"})
    ny = User.objects.get(username="ny")
    office.post(f"/intern/medarbetare/{ny.pk}/flytta/", {"role": "caseworker", "unit": "Vuxen våld"})
    office.post(f"/intern/medarbetare/{ny.pk}/stang/")
    office.post(f"/intern/medarbetare/{ny.pk}/oppna/")

    ny.refresh_from_db()
    assert (ny.role, ny.unit.name, ny.is_active, ny.has_usable_password()) == ("caseworker", "Vuxen våld", True, False)
    said = Entry.objects.filter(subject=ny.pk).order_by("at").values_list("verb", "actor")
    assert list(said) == [(f"accounts.user.{verb}", arvid.pk) for verb in ("added", "moved", "deactivated", "reactivated")]


def test_a_taken_username_is_said_at_the_field(office, viola):
    answer = office.post("/intern/medarbetare/ny/", {"name": "En", "username": "VIOLA", "role": "reception", "unit": "M"})

    assert answer.status_code == 422
    assert "Det finns redan ett konto med det användarnamnet" in answer.content.decode()


def test_nobody_but_the_administrator_keeps_accounts(viola, arvid):
    for role in set(Role.values) - {Role.ADMINISTRATOR}:
        client, someone = Client(), accounts.user(role)
        accounts.sign_in(client, someone)
        for path in ("", "ny/", f"{arvid.pk}/", f"{arvid.pk}/engangskod/", f"{arvid.pk}/stang/", f"{arvid.pk}/flytta/"):
            assert client.get(f"/intern/medarbetare/{path}").status_code == 403, (role, path)
        with pytest.raises(Denied):
            actions.hand_out_code(viola, by=someone, at=timezone.now())


def test_nobody_changes_their_own_account(office, arvid):
    now = timezone.now()

    with pytest.raises(Denied):
        actions.deactivate(arvid, by=arvid, at=now)
    with pytest.raises(Denied):
        actions.move(arvid, by=arvid, at=now, role=Role.CASEWORKER, unit="Vuxen våld")
    with pytest.raises(Denied):
        actions.hand_out_code(arvid, by=arvid, at=now)
    assert office.post(f"/intern/medarbetare/{arvid.pk}/stang/").status_code == 403


def test_a_closed_account_gets_no_code(viola, arvid):
    actions.deactivate(viola, by=arvid, at=timezone.now())

    with pytest.raises(NotNow):
        actions.hand_out_code(viola, by=arvid, at=timezone.now())


def test_a_list_of_people_costs_as_many_queries_for_thirty_as_for_three(office, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _n in range(2):
        accounts.user()
    office.get("/intern/medarbetare/")
    with CaptureQueriesContext(connection) as few:
        office.get("/intern/medarbetare/")
    for _n in range(27):
        accounts.user()
    with django_assert_num_queries(len(few)):
        office.get("/intern/medarbetare/")
