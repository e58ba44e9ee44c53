"""Signing in as it's done: with a real passkey ceremony, by mouse and keyboard, on a narrow screen, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningHouse
from tests.browser.passkeys import Authenticator


@pytest.fixture
def named(running_house: RunningHouse) -> str:
    """The staff face by its name: browsers make no passkeys for a bare address."""
    return running_house.staff_url.replace("127.0.0.1", "localhost")


@pytest.fixture
def step_in_by_name(named: str):
    def become(page: Page, username: str) -> None:
        page.goto(named)
        page.locator(f"form[action$='/prova/{username}/'] button").click()

    return become


def new_person(page: Page, named: str, username: str, role: str = "caseworker") -> str:
    """Add someone as the administrator, and return the one-time code that is shown."""
    page.goto(f"{named}intern/medarbetare/ny/")
    page.fill("[name=name]", f"Ny {username.title()}")
    page.fill("[name=username]", username)
    page.select_option("[name=role]", role)
    page.fill("[name=unit]", "Vuxen våld")
    page.get_by_role("button", name="Lägg till").click()
    page.get_by_role("link", name="Lämna ut en engångskod").click()
    page.get_by_role("button", name="Lämna ut").click()
    return page.locator("dl b").inner_text()


@pytest.fixture
def people(browser: Browser) -> Iterator:
    """Windows of people at their own computers."""
    opened = []

    def window(**given) -> Page:
        opened.append(browser.new_context(locale="sv-SE", **given))
        return opened[-1].new_page()

    yield window
    for context in opened:
        context.close()


def test_a_new_colleague_comes_in_by_a_code_makes_a_passkey_and_signs_in_by_it_alone(
    people, named, step_in_by_name, axe, picture
):
    office = people()
    step_in_by_name(office, "arvid")
    code = new_person(office, named, "linnea")
    assert axe(office) == []

    desk = people(viewport={"width": 390, "height": 800})
    phone = Authenticator(desk)
    desk.goto(f"{named}logga-in/engangskod/")
    assert axe(desk) == []
    desk.fill("[name=code]", "AAAAA-AAAAA-AAAAA-AAAAA")
    desk.keyboard.press("Enter")
    expect(desk.locator(".govuk-error-summary")).to_contain_text("Koden är fel")
    assert axe(desk) == []
    desk.fill("[name=code]", code.lower())
    desk.get_by_role("button", name="Fortsätt").click()
    expect(desk.locator("h1")).to_have_text("Lägg till en passnyckel")
    assert axe(desk) == []
    picture(desk, "passkey-new-390")
    desk.fill("[name=name]", "Jobbtelefonen")
    desk.get_by_role("button", name="Lägg till en passnyckel").click()
    expect(desk.locator("h1")).to_have_text("Är det fortfarande du?")
    assert len(phone.keys()) == 1
    assert axe(desk) == []
    desk.get_by_role("button", name="Använd din passnyckel").click()
    expect(desk.locator("h1")).to_have_text("Mitt konto")
    expect(desk.locator("main")).to_contain_text("Jobbtelefonen")
    expect(desk.locator("main")).not_to_contain_text("stängda i den här inloggningen")
    assert axe(desk) == []
    picture(desk, "account-390")

    desk.get_by_role("button", name="Logga ut").click()
    desk.goto(f"{named}konto/")
    expect(desk.locator("h1")).to_have_text("Logga in")
    assert axe(desk) == []
    picture(desk, "sign-in-390")
    desk.get_by_role("button", name="Logga in med passnyckel").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_have_text("Mitt konto")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390

    desk.get_by_role("button", name="Logga ut").click()
    phone.refuse()
    desk.goto(f"{named}logga-in/")
    desk.get_by_role("button", name="Logga in med passnyckel").click()
    expect(desk.locator("#passkey-trouble")).to_be_visible(timeout=70_000)
    assert axe(desk) == []
    assert re.search(r"/logga-in/$", desk.url)
