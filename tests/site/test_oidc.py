"""The municipality's own sign-in by OpenID Connect, against a real provider in a process of its own."""

import hmac
import json
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from fridhem.foundation.accounts import actions, oidc, providers, sessions
from fridhem.foundation.accounts.enums import Entrance, Role
from fridhem.foundation.accounts.models import Session, User
from fridhem.foundation.audit.models import Entry
from tests.factories import accounts
from tests.providers import running
from tests.providers.running import Provider

BACK = "http://testserver/logga-in/oidc/kommunen/ater/"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running.started("oidc.py", tmp_path_factory.mktemp("oidc"), BACK) as one:
        yield one


@pytest.fixture
def house(db, provider: Provider, settings, tmp_path: Path) -> Provider:
    settings.FRIDHEM_SIGN_IN = str(running.sign_in_file(tmp_path, oidc_url=provider.url))
    return provider


def sign_in(username: str, client: Client | None = None):
    """Go to the provider and come back; our answer to what it sent, and the browser."""
    browser = client or Client()
    away = browser.post("/logga-in/oidc/kommunen/", {"next": "/konto/"})
    assert away.status_code == 302
    return browser.get(running.at_oidc(away.url, username)), browser


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def test_someone_new_comes_in_with_role_and_unit_of_the_group(house):
    answer, browser = sign_in("linnea")

    assert (answer.status_code, answer.url) == (302, "/konto/")
    assert is_in(browser)
    user = User.objects.get()
    assert (user.username, user.name, user.role, user.unit.name) == ("linnea", "Linnea Kommun", Role.CASEWORKER, "Vuxen våld")
    assert Session.objects.get(user=user).entrance == Entrance.PROVIDER_STRONG
    assert not user.has_usable_password()
    verbs = set(Entry.objects.filter(subject=user.pk).values_list("verb", flat=True))
    assert verbs == {"accounts.user.added", "accounts.user.joined", "accounts.user.signed_in"}


def test_of_what_the_provider_says_only_the_subject_is_stored(house):
    sign_in("linnea")

    account = SocialAccount.objects.get()
    assert (account.provider, account.extra_data) == ("kommunen", {})
    assert account.uid.isdigit()
    assert SocialToken.objects.count() == 0


def test_a_word_for_a_password_keeps_the_protected_zone_closed_and_a_line_of_the_file_can_too(house):
    for username, withheld in (("ture", []), ("vikarie", ["protected"])):
        sign_in(username)
        row = Session.objects.get(user__username=username)
        assert row.entrance == (Entrance.PROVIDER if username == "ture" else Entrance.PROVIDER_STRONG)
        browser = Client()
        _answer, browser = sign_in(username)
        assert browser.session[sessions.WITHHELD] == withheld


def test_someone_whose_groups_have_no_place_is_told_so_and_gets_no_account(house):
    answer, browser = sign_in("stina")

    assert answer.status_code == 403
    assert "ingen av dina grupper har en plats" in answer.content.decode()
    assert not is_in(browser)
    assert User.objects.count() == 0
    assert Entry.objects.filter(verb="accounts.user.sign_in_failed", reason="no group").count() == 1


def test_a_username_that_is_taken_stays_with_the_one_who_has_it(house):
    here_before = accounts.user(Role.TEAM_LEADER, username="linnea", name="En annan Linnea")

    sign_in("linnea")

    new = SocialAccount.objects.get().user
    assert new != here_before
    assert (new.username, new.role) == ("linnea-2", Role.CASEWORKER)


def test_roles_follow_the_groups_at_every_sign_in(house):
    sign_in("linnea")
    house.control("linnea", groups=["fridhem-mottag"])
    try:
        sign_in("linnea")
        assert User.objects.get().role == Role.RECEPTION
    finally:
        house.control("linnea", groups=["fridhem-vuxen"])


@pytest.mark.parametrize("told", [{"active": False}, {"groups": ["ekonomi"]}, {"groups": ["fridhem-mottag"]}])
def test_every_session_ends_within_a_minute_of_the_providers_no(house, told):
    _answer, browser = sign_in("linnea")
    user = User.objects.get()
    elsewhere = Client()
    accounts.sign_in(elsewhere, user)
    assert is_in(browser)
    house.control("linnea", **told)
    try:
        time.sleep(1.1)  # the file says: ask each second
        assert not is_in(browser)
        assert not is_in(elsewhere)
    finally:
        house.control("linnea", active=True, groups=["fridhem-vuxen"])


def test_someone_who_may_stay_is_asked_about_again_and_again(house):
    _answer, browser = sign_in("linnea")

    for _turn in range(3):
        time.sleep(1.1)
        assert is_in(browser)


def test_a_provider_that_is_silent_is_waited_for_and_then_the_session_ends(db, provider, settings, tmp_path):
    more = "ask_every_seconds = 1\npatience_minutes = 0"
    settings.FRIDHEM_SIGN_IN = str(running.sign_in_file(tmp_path, oidc_url=provider.url))
    _answer, patient = sign_in("linnea")
    silent = (tmp_path / "sign-in.toml").read_text().replace(provider.url, "http://127.0.0.1:9")
    (tmp_path / "silent.toml").write_text(silent)
    settings.FRIDHEM_SIGN_IN = str(tmp_path / "silent.toml")
    time.sleep(1.1)
    assert is_in(patient)

    (tmp_path / "short.toml").write_text(silent.replace("ask_every_seconds = 1", more))
    settings.FRIDHEM_SIGN_IN = str(tmp_path / "short.toml")
    time.sleep(1.1)
    assert not is_in(patient)


def test_a_silent_provider_is_told_and_the_other_ways_in_stay(db, settings, tmp_path):
    settings.FRIDHEM_SIGN_IN = str(running.sign_in_file(tmp_path, oidc_url="http://127.0.0.1:9"))

    answer = Client().post("/logga-in/oidc/kommunen/")

    assert answer.status_code == 503
    assert "svarar inte" in answer.content.decode()


def test_an_account_that_is_closed_here_stays_closed_whatever_the_provider_says(house):
    sign_in("linnea")
    arvid = accounts.user(Role.ADMINISTRATOR)
    actions.deactivate(User.objects.get(username="linnea"), by=arvid, at=timezone.now())

    answer, browser = sign_in("linnea")

    assert answer.url == "/logga-in/stangt/"
    assert not is_in(browser)
    assert User.objects.filter(username__startswith="linnea").count() == 1


def test_the_same_answer_is_good_once_and_in_the_browser_that_asked(house):
    browser = Client()
    back = running.at_oidc(browser.post("/logga-in/oidc/kommunen/").url, "linnea")

    assert Client().get(back).status_code == 401
    assert browser.get(back).status_code == 302
    browser.post("/logga-ut/")
    assert browser.get(back).status_code == 401


def test_nobody_ties_a_providers_account_to_a_session_that_is_open(house):
    browser = Client()
    accounts.sign_in(browser, accounts.user(Role.TEAM_LEADER), Entrance.PASSWORD)

    assert browser.post("/logga-in/oidc/kommunen/?process=connect").status_code == 404
    assert browser.post("/logga-in/oidc/kommunen/", {"process": "connect"}).status_code == 404


# ── What the token must be ────────────────────────────────────────────────


def token(provider: Provider, *, key: bytes | str | None = None, alg: str = "RS256", kid: str = "", **changed) -> str:
    """An id token as the provider makes them, but for what is `changed`."""
    own = (provider.folder / "key.pem").read_bytes()
    known = json.loads(urllib.request.urlopen(f"{provider.url}/.well-known/jwks.json").read())["keys"][0]["kid"]
    now = int(time.time())
    claims = {"iss": provider.url, "aud": "fridhem", "sub": "1", "iat": now, "exp": now + 300, "groups": []} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, own if key is None else key, algorithm=alg, headers={"kid": kid or known})


def test_the_token_that_the_provider_makes_is_believed(house):
    assert oidc.claims_of(providers.find("kommunen"), token(house))["sub"] == "1"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "someone-else"},
        {"aud": ["fridhem", "someone-else"], "azp": "someone-else"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"sub": None},
        {"aud": None},
        {"nbf": int(time.time()) + 3600},
        {"kid": "unknown"},
    ],
    ids=lambda changed: next(iter(changed)) + str(len(changed)),
)
def test_a_token_for_someone_else_or_another_time_is_refused(house, changed):
    with pytest.raises(OAuth2Error):
        oidc.claims_of(providers.find("kommunen"), token(house, **changed))


def test_a_token_that_is_altered_unsigned_or_signed_by_another_is_refused(house):
    known = providers.find("kommunen")
    head, body, signature = token(house).split(".")
    other = token(house, sub="2").split(".")[1]
    stranger = rsa.generate_private_key(65537, 2048)
    pem = stranger.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = serialization.load_pem_private_key((house.folder / "key.pem").read_bytes(), None).public_key()
    shared = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    for forged in (
        f"{head}.{other}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.AAAA",
        token(house, key="", alg="none"),
        token(house, key=pem),
        _with_a_shared_key(head, body, shared),
        "not.a.token",
        "",
    ):
        with pytest.raises(OAuth2Error):
            oidc.claims_of(known, forged)


def _with_a_shared_key(head: str, body: str, key: bytes) -> str:
    """The old trick: the provider's public key taken for a shared secret."""
    kid = jwt.get_unverified_header(f"{head}.{body}.AAAA")["kid"]
    header = urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": kid}).encode()).decode().rstrip("=")
    mac = hmac.digest(key, f"{header}.{body}".encode(), "sha256")
    return f"{header}.{body}.{urlsafe_b64encode(mac).decode().rstrip('=')}"


def test_a_provider_that_calls_itself_something_else_is_not_ours(house, settings, tmp_path):
    settings.FRIDHEM_SIGN_IN = str(running.sign_in_file(tmp_path / "b", oidc_url=house.url.replace("127.0.0.1", "localhost")))

    with pytest.raises(OAuth2Error):
        oidc.claims_of(providers.find("kommunen"), token(house))


def test_a_group_means_something_between_its_days_only(house):
    known = providers.find("kommunen")
    day = timezone.localdate()

    assert providers.place_of(known, ["fridhem-fore-detta"], day) is None
    assert providers.place_of(known, ["fridhem-fore-detta"], day.replace(year=2020)).role == Role.CASEWORKER
    assert providers.place_of(known, ["fridhem-mottag", "fridhem-vuxen"], day).role == Role.CASEWORKER  # the first line decides
    assert providers.place_of(known, ["fridhem-vuxen"], day - timedelta(days=4000)) is None
