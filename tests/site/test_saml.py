"""The municipality's own sign-in by SAML 2.0, against a real identity provider in a process of its own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from fridhem.foundation.accounts.enums import Entrance, Role
from fridhem.foundation.accounts.models import Session, User
from fridhem.foundation.audit.models import Entry
from tests.providers import running
from tests.providers.running import Provider


@pytest.fixture(scope="module")
def metadata() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Where the provider fetches what Fridhem says of itself: the answer of the test client, over HTTP."""
    told: dict[str, bytes] = {}

    class Tell(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told["metadata"])

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Tell)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", told
    server.shutdown()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, metadata) -> Iterator[Provider]:
    with running.started("saml.py", tmp_path_factory.mktemp("saml"), metadata[0]) as one:
        yield one


@pytest.fixture
def house(db, provider: Provider, metadata, settings) -> Provider:
    settings.FRIDHEM_SIGN_IN = str(running.sign_in_file(provider.folder, saml_url=provider.url))
    metadata[1]["metadata"] = Client().get("/logga-in/saml/saml/metadata/").content
    return provider


def come_back(browser: Client, fields: dict[str, str]):
    """The provider's page posts its form to us, and we send the browser on to read it."""
    aside = browser.post("/logga-in/saml/saml/svar/", fields)
    assert aside.status_code == 302
    return browser.get(aside.url)


def sign_in(username: str, fault: str = "", browser: Client | None = None):
    browser = browser or Client()
    away = browser.post("/logga-in/saml/saml/", {"next": "/konto/"})
    assert away.status_code == 302, away.content
    return come_back(browser, running.at_saml(away.url, username, fault)), browser


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def test_someone_new_comes_in_with_role_and_unit_of_the_group(house):
    answer, browser = sign_in("saga")

    assert (answer.status_code, answer.url) == (302, "/konto/")
    assert is_in(browser)
    user = User.objects.get()
    assert (user.username, user.name, user.role, user.unit.name) == ("saga", "Saga Kommun", Role.CASEWORKER, "Vuxen våld")
    assert Session.objects.get(user=user).entrance == Entrance.PROVIDER_STRONG


def test_only_the_subject_is_stored_and_a_password_there_is_weak_here(house):
    sign_in("sune")

    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("saml", "9a77-sune", {})
    assert Session.objects.get(user=account.user).entrance == Entrance.PROVIDER


def test_someone_known_is_found_by_the_subject(house):
    sign_in("saga")
    User.objects.update(username="omdopt")

    sign_in("saga")

    assert User.objects.get().username == "omdopt"


def test_someone_whose_groups_have_no_place_is_told_so(house):
    answer, browser = sign_in("siv")

    assert answer.status_code == 403
    assert not is_in(browser)
    assert User.objects.count() == 0


@pytest.mark.parametrize("fault", ["audience", "expired", "unsigned", "altered", "other-key", "transient", "wrapped"])
def test_an_answer_that_is_not_for_us_not_in_time_or_not_signed_is_refused(house, fault):
    answer, browser = sign_in("sune", fault)

    assert answer.status_code == 401, fault
    assert "gick inte att använda" in answer.content.decode()
    assert not is_in(browser)
    assert User.objects.count() == 0
    assert Entry.objects.filter(verb="accounts.user.sign_in_failed").count() == 1


def test_the_same_answer_is_good_once_and_in_the_browser_that_asked(house):
    browser, thief = Client(), Client()
    fields = running.at_saml(browser.post("/logga-in/saml/saml/").url, "saga")

    assert come_back(thief, fields).status_code in (401, 403)
    assert come_back(browser, fields).status_code == 302
    browser.post("/logga-ut/")
    assert come_back(browser, fields).status_code in (401, 403)
    assert not is_in(browser)


def test_an_answer_that_nobody_asked_for_is_refused(house):
    fields = running.at_saml(Client().post("/logga-in/saml/saml/").url, "saga")

    assert come_back(Client(), fields).status_code in (401, 403)


@pytest.mark.parametrize("fields", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "inte base64 å"}, {"SAMLResponse": "PGEvPg=="}])
def test_nonsense_is_refused_and_breaks_nothing(house, fields):
    assert come_back(Client(), fields).status_code == 401


@pytest.mark.parametrize(
    "message",
    [
        "",
        "inte base64 å",
        "PGEvPg==",
        "fZA7T8MwFIX/SuQ9sZ2mTWslkRAVUqUCpQ8GFnRr3zYWiW18r0X59yRlKCwd7znfebzKCd7XKqPfTXjPVgdwHJ4vBsD",
    ],
)
def test_a_farewell_that_is_not_signed_ends_nothing(house, message):
    _answer, browser = sign_in("saga")

    answer = browser.get("/logga-in/saml/saml/ut/", {"SAMLRequest": message})

    assert answer.status_code == 400
    assert is_in(browser)


def test_its_sessions_have_the_shorter_life_of_the_file(house):
    sign_in("saga")

    row = Session.objects.get(user__isnull=False)
    assert 59 * 60 < (row.expire_date - row.opened_at).total_seconds() <= 60 * 60


def test_an_unknown_provider_is_not_found(house, tmp_path: Path):
    for where in ("", "svar/", "svar/las/", "ut/", "metadata/"):
        answer = Client().post(f"/logga-in/saml/okand/{where}", {"SAMLResponse": "x"})
        if where == "svar/":
            answer = Client().get(answer.url)
        assert answer.status_code in (404, 405), where
