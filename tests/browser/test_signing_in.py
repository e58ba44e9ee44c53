"""Signing in as it's done: real passkey ceremonies, the municipality's own sign-in, a narrow screen, and someone who guesses."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
import requests
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from lxml import html
from playwright.sync_api import Browser, Page, expect

from tests.browser.passkeys import Authenticator
from tests.providers import oidc, running
from tests.providers.running import Provider
from tests.providers.saml import make_key
from tests.running import RunningHouse, free_port, started

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "fyra ord är bättre än ett"


@dataclass(frozen=True)
class OwnHouse:
    """An empty house with the municipality's own sign-in beside it."""

    house: RunningHouse
    oidc: Provider

    @property
    def url(self) -> str:
        """The staff face by its name: browsers make no passkeys for a bare address."""
        return self.house.staff_url.replace("127.0.0.1", "localhost")

    def invite(self, username: str, role: str = "administrator") -> str:
        """A one-time code, from the machine itself."""
        place = {"FRIDHEM_DATA": str(self.house.data), "FRIDHEM_SECRETS": str(self.house.data / "faces" / "owner.json")}
        words = ["invite", username, "--name", f"Ny {username.title()}", "--role", role, "--unit", "Vuxen våld"]
        run = [sys.executable, "manage.py", *words]
        done = subprocess.run(run, cwd=ROOT, env={**_environment(), **place}, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[1]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FRIDHEM_")}


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnHouse]:
    ports, folder = (free_port(), free_port()), tmp_path_factory.mktemp("sign-in")
    make_key(folder, "idp")
    told = running.sign_in_file(folder, oidc_url=f"http://127.0.0.1:{ports[0]}", saml_url=f"http://127.0.0.1:{ports[1]}")
    with started("--no-demo", FRIDHEM_SIGN_IN=str(told)) as house:
        staff = house.staff_url.replace("127.0.0.1", "localhost")
        back = f"{staff}logga-in/oidc/kommunen/ater/"
        with (
            running.started("oidc.py", folder / "oidc", back, ports[0]) as first,
            running.started("saml.py", folder, f"{staff}logga-in/saml/saml/metadata/", ports[1]),
        ):
            yield OwnHouse(house, first)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[..., Page]]:
    """People at their own computers."""
    opened = []

    def sit_down(**given) -> Page:
        opened.append(browser.new_context(locale="sv-SE", **given))
        opened[-1].set_default_timeout(60_000)
        return opened[-1].new_page()

    yield sit_down
    for context in opened:
        context.close()


def come_in(page: Page, house: OwnHouse, code: str) -> Authenticator:
    """Use a one-time code, add a passkey and show it once."""
    phone = Authenticator(page)
    page.goto(f"{house.url}logga-in/engangskod/")
    page.fill("[name=code]", code)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("button", name="Lägg till en passnyckel").click()
    page.get_by_role("button", name="Använd din passnyckel").click()
    expect(page.locator("h1")).to_have_text("Mitt konto")
    return phone


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Logga ut").click()


def by_passkey(page: Page, house: OwnHouse) -> None:
    page.goto(f"{house.url}logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible(timeout=60_000)


def by_oidc(page: Page, house: OwnHouse, username: str, *, known: bool = False) -> None:
    page.goto(f"{house.url}logga-in/")
    page.get_by_role("button", name="Kommunens inloggning").click()
    if not known:
        page.fill("[name=login]", username)
        page.fill("[name=password]", oidc.PASSWORD)
        page.locator("form button[type=submit]").first.click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible(timeout=60_000)


def test_from_the_first_administrator_to_a_colleague_who_signs_in_by_passkey_alone(own_house, desk, axe, picture):
    office = desk(viewport={"width": 390, "height": 800})
    wrong: list[str] = []
    office.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    office.goto(f"{own_house.url}logga-in/engangskod/")
    assert axe(office) == []
    office.fill("[name=code]", "AAAAA-AAAAA-AAAAA-AAAAA")
    office.keyboard.press("Enter")
    expect(office.locator(".govuk-error-summary")).to_contain_text("Koden är fel")
    assert axe(office) == []

    phone = Authenticator(office)
    office.fill("[name=code]", own_house.invite("anna").lower())
    office.get_by_role("button", name="Fortsätt").click()
    assert axe(office) == []
    picture(office, "passkey-new-390")
    office.fill("[name=name]", "Jobbtelefonen")
    office.get_by_role("button", name="Lägg till en passnyckel").click()
    expect(office.locator("h1")).to_have_text("Är det fortfarande du?")
    assert len(phone.keys()) == 1
    assert axe(office) == []
    office.get_by_role("button", name="Använd din passnyckel").click()
    expect(office.locator("main")).to_contain_text("Jobbtelefonen")
    assert axe(office) == []
    picture(office, "account-390")

    office.goto(f"{own_house.url}intern/medarbetare/ny/")
    office.get_by_role("button", name="Lägg till").click()
    expect(office.locator(".govuk-error-summary")).to_be_visible()
    assert axe(office) == []
    office.fill("[name=name]", "Linus Lönn")
    office.fill("[name=username]", "linus")
    office.select_option("[name=role]", "caseworker")
    office.fill("[name=unit]", "Vuxen våld")
    office.get_by_role("button", name="Lägg till").click()
    expect(office.locator("h1")).to_have_text("Linus Lönn")
    assert axe(office) == []
    office.get_by_role("link", name="Lämna ut en engångskod").click()
    assert axe(office) == []
    office.get_by_role("button", name="Lämna ut").click()
    assert axe(office) == []
    picture(office, "one-time-code-390")
    code = office.locator("dl b").inner_text()
    assert office.evaluate("document.documentElement.scrollWidth") <= 390

    colleague = desk()
    come_in(colleague, own_house, code)
    sign_out(colleague)
    colleague.goto(f"{own_house.url}konto/")
    expect(colleague.locator("h1")).to_have_text("Logga in")
    assert axe(colleague) == []
    picture(colleague, "sign-in")
    colleague.get_by_role("button", name="Logga in med passnyckel").focus()
    colleague.keyboard.press("Enter")
    expect(colleague.locator("h1")).to_have_text("Mitt konto")
    assert wrong == []


def test_several_passkeys_are_named_and_one_that_is_removed_opens_nothing(own_house, desk, axe):
    page = desk()
    first = come_in(page, own_house, own_house.invite("berit", "caseworker"))
    first_key = first.keys()[0]
    first.remove()
    second = Authenticator(page)
    page.goto(f"{own_house.url}konto/passnycklar/ny/")
    page.fill("[name=name]", "Säkerhetsnyckeln")
    page.get_by_role("button", name="Lägg till en passnyckel").click()
    expect(page.locator("main")).to_contain_text("Säkerhetsnyckeln")
    page.get_by_role("link", name="Byt namn Passnyckel 1").click()
    assert axe(page) == []
    page.fill("[name=name]", "Den gamla telefonen")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Ta bort Den gamla telefonen").click()
    assert axe(page) == []
    page.get_by_role("button", name="Ta bort").click()
    expect(page.locator("main")).not_to_contain_text("Den gamla telefonen")

    sign_out(page)
    by_passkey(page, own_house)
    sign_out(page)
    second.remove()
    third = Authenticator(page)
    third.session.send("WebAuthn.addCredential", {"authenticatorId": third.id, "credential": first_key})
    page.goto(f"{own_house.url}logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    expect(page.locator("#messages")).to_contain_text("Passnyckeln gick inte att använda")
    assert axe(page) == []
    assert re.search(r"/logga-in/$", page.url)


def test_a_password_and_an_app_are_a_spare_way_in_that_asks_for_more(own_house, desk, axe, picture):
    page = desk()
    come_in(page, own_house, own_house.invite("cia", "team_leader"))
    page.goto(f"{own_house.url}konto/losenord/")
    page.fill("[name=password]", "kort")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert axe(page) == []
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Anslut App för koder").click()
    assert axe(page) == []
    picture(page, "app")
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="Anslut").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert axe(page) == []
    page.fill("[name=code]", _code_now(page))
    page.get_by_role("button", name="Anslut").click()
    expect(page.locator("h1")).to_have_text("Reservkoder")
    assert axe(page) == []
    page.get_by_role("link", name="Jag har skrivit ner dem").click()
    page.get_by_role("link", name="Visa Reservkoder").click()
    expect(page.locator("main")).to_contain_text("10 koder finns kvar")
    assert axe(page) == []
    page.goto(f"{own_house.url}konto/reservkoder/nya/")
    assert axe(page) == []
    page.get_by_role("button", name="Gör nya").click()
    codes = page.locator("main li b").all_inner_texts()
    assert len(codes) == 10
    assert axe(page) == []

    other = desk(viewport={"width": 390, "height": 800})
    other.goto(f"{own_house.url}logga-in/")
    other.fill("[name=login]", "cia")
    other.fill("[name=password]", "fel lösenord")
    other.keyboard.press("Enter")
    expect(other.locator(".govuk-error-summary")).to_contain_text("Användarnamnet eller lösenordet är fel")
    assert axe(other) == []
    other.fill("[name=password]", PASSWORD)
    other.keyboard.press("Enter")
    expect(other.locator("h1")).to_have_text("Ett steg till")
    assert axe(other) == []
    picture(other, "second-step-390")
    other.fill("[name=code]", codes[0])
    other.get_by_role("button", name="Fortsätt").click()
    other.goto(f"{own_house.url}konto/")
    expect(other.locator("main")).to_contain_text("Skyddade uppgifter är stängda")
    assert axe(other) == []
    other.goto(f"{own_house.url}konto/passnycklar/ny/")
    expect(other.locator("main")).to_contain_text("Du har redan en passnyckel")
    assert axe(other) == []

    page.goto(f"{own_house.url}konto/")
    page.locator("form[action*='/sessioner/'] button").first.click()
    other.goto(f"{own_house.url}konto/")
    expect(other.locator("h1")).to_have_text("Logga in")


def _code_now(page: Page) -> str:
    secret = page.locator("main b.fh-nowrap").inner_text()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_municipalitys_own_sign_in_by_openid_connect_and_saml(own_house, desk, axe, picture):
    page = desk()
    by_oidc(page, own_house, "linnea")
    page.goto(f"{own_house.url}konto/")
    expect(page.locator("main")).to_contain_text(re.compile("Socialsekreterare(?!,)"))
    sign_out(page)

    page.goto(f"{own_house.url}logga-in/")
    page.get_by_role("button", name="Kommunens SAML").click()
    page.get_by_role("button", name="saga").click()
    page.get_by_role("button", name="Vidare").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible(timeout=60_000)
    page.goto(f"{own_house.url}konto/")
    expect(page.locator("main")).to_contain_text("Saga Kommun")
    sign_out(page)

    for fault in ("unsigned", "altered"):
        page.goto(f"{own_house.url}logga-in/")
        page.get_by_role("button", name="Kommunens SAML").click()
        page.select_option("[name=fault]", fault)
        page.get_by_role("button", name="sune").click()
        page.get_by_role("button", name="Vidare").click()
        expect(page.locator("h1")).to_have_text("Inloggningen gick inte att använda")
        assert axe(page) == []

    page.goto(f"{own_house.url}logga-in/")
    page.get_by_role("button", name="Kommunens SAML").click()
    page.get_by_role("button", name="siv").click()
    page.get_by_role("button", name="Vidare").click()
    expect(page.locator("main")).to_contain_text("ingen av dina grupper har en plats i Fridhem")
    assert axe(page) == []
    picture(page, "no-group")


# ── C10: someone guesses ──────────────────────────────────────────────────


class Guesser(threading.Thread):
    """Tries one wrong password after another, as a browser would."""

    def __init__(self, house: OwnHouse, username: str, tries: int) -> None:
        super().__init__(daemon=True)
        self.house, self.username, self.tries, self.let_in = house, username, tries, 0
        self.done = 0

    def run(self) -> None:
        visitor = requests.Session()
        page = html.fromstring(visitor.get(f"{self.house.url}logga-in/", timeout=60).text)
        token = page.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        for guess in range(self.tries):
            said = {"csrfmiddlewaretoken": token, "login": self.username, "password": f"gissning nummer {guess}"}
            headers = {"Referer": f"{self.house.url}logga-in/"}
            answer = visitor.post(f"{self.house.url}logga-in/", data=said, headers=headers, timeout=120, allow_redirects=False)
            self.let_in += answer.status_code == 302
            self.done += 1


@pytest.mark.safety("C10")
def test_c10_who_guesses_keeps_nobody_out(own_house, desk, proof, size):
    tries, guessers, entries = size(400, 5000), 4, size(4, 20)
    oncall, neighbour, employee = desk(), desk(), desk()
    come_in(oncall, own_house, own_house.invite("jour", "reception"))
    come_in(neighbour, own_house, own_house.invite("granne", "reception"))
    neighbour.goto(f"{own_house.url}konto/losenord/")
    neighbour.fill("[name=password]", PASSWORD)
    neighbour.get_by_role("button", name="Spara").click()
    by_oidc(employee, own_house, "ture")
    for page in (oncall, neighbour, employee):
        sign_out(page)

    attack = [Guesser(own_house, "jour", tries // guessers) for _ in range(guessers)]
    for guesser in attack:
        guesser.start()
    times: list[float] = []
    for _turn in range(entries):
        began = time.monotonic()
        by_passkey(oncall, own_house)
        times.append(time.monotonic() - began)
        sign_out(oncall)
        by_oidc(employee, own_house, "ture", known=True)
        sign_out(employee)
        neighbour.goto(f"{own_house.url}logga-in/")
        neighbour.fill("[name=login]", "granne")
        neighbour.fill("[name=password]", PASSWORD)
        neighbour.keyboard.press("Enter")
        expect(neighbour.locator("h1")).to_have_text(
            "Ett steg till", timeout=60_000
        )  # the password was right; the passkey is asked for
        neighbour.context.clear_cookies()
    during = sum(guesser.done for guesser in attack)
    for guesser in attack:
        guesser.join(300)

    proof.measured(f"{sum(g.done for g in attack)} wrong passwords on one person from one address, {during} while others came in")
    proof.measured(
        f"passkey {entries} of {entries}, provider {entries} of {entries}, neighbour's password {entries} of {entries}"
    )
    proof.measured(f"passkey in {median(times):.1f} s (median), {max(times):.1f} s (longest)")
    assert sum(guesser.let_in for guesser in attack) == 0
    assert sum(guesser.done for guesser in attack) == guessers * (tries // guessers)
    assert median(times) <= 3.0
