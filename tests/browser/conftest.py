"""The real house, started as its users start it, and a real browser in front of it."""

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.running import RunningHouse
from tools.ensure_browser import found

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = Path(__file__).parent.parent.parent / "screenshots"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": found(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser context that fails the test on an error in the console or a request that leaves this machine."""
    wrong: list[str] = []
    context.on("request", lambda r: None if _is_here(r.url) else wrong.append(f"request to {r.url}"))
    context.on(
        "console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" and "status of 4" not in m.text else None
    )
    context.on("weberror", lambda e: wrong.append(f"script: {e.error}"))
    yield context
    assert wrong == []


def _is_here(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:", "chrome-error:"))


@pytest.fixture
def axe() -> Callable[[Page], list]:
    """What axe finds wrong on a page, and error-summary links that lead nowhere (which axe doesn't see)."""

    def violations(page: Page) -> list:
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        broken = page.evaluate(
            """() => [...document.querySelectorAll('.govuk-error-summary a')].map(a => a.hash.slice(1))
                .filter(id => !document.getElementById(id))"""
        )
        wrong = [(v["id"], [(n["target"], n["failureSummary"]) for n in v["nodes"]]) for v in found["violations"]]
        return wrong + [("error-summary-link", broken)] * bool(broken)

    return violations


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a screenshot to look at, as screenshots/NAME.png."""

    def take(page: Page, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def step_in(running_house: RunningHouse) -> Callable[[Page, str], None]:
    """Become one of the demonstration's people, by the username, with one click on the first page."""

    def become(page: Page, username: str) -> None:
        page.goto(running_house.staff_url)
        sign_out = page.locator("form[action$='/logga-ut/'] button")
        if sign_out.count():
            sign_out.first.click()
        page.locator(f"form[action$='/prova/{username}/'] button").click()

    return become


@pytest.fixture
def desk(browser: Browser, context, running_house: RunningHouse, step_in) -> Iterator[Callable[[str], Page]]:
    """A colleague's own browser window, signed in."""
    opened = []

    def at(username: str, **given) -> Page:
        window = browser.new_context(locale="sv-SE", **given)
        opened.append(window)
        page = window.new_page()
        step_in(page, username)
        return page

    yield at
    for window in opened:
        window.close()


def answers(url: str) -> bool:
    """Whether something answers at `url`."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True
