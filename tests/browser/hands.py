"""Two ways to use a page: with a mouse, and with the keyboard alone. Both do the same things."""

from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250


class Hand(Protocol):
    """What a person does on a page. `press` waits for what it leads to."""

    def press(self, target: Locator) -> None: ...
    def choose(self, page: Page, name: str, value: str) -> None: ...
    def tick(self, page: Page, name: str, value: str) -> None: ...
    def select(self, page: Page, name: str, value: str) -> None: ...
    def write(self, page: Page, name: str, text: str) -> None: ...


def field(page: Page, name: str, kind: str = "*") -> Locator:
    """The field of that name in the page's main part."""
    return page.locator(f"main {kind}[name='{name}']")


def settle(page: Page) -> None:
    """Wait until the page has come where the press led."""
    page.wait_for_load_state()
    expect(page.locator("html[aria-busy]")).to_have_count(0)


class Mouse:
    """Points and clicks."""

    def press(self, target: Locator) -> None:
        target.first.click()
        settle(target.page)

    def choose(self, page: Page, name: str, value: str) -> None:
        page.check(f"main input[name='{name}'][value='{value}']")

    tick = choose

    def select(self, page: Page, name: str, value: str) -> None:
        field(page, name, "select").select_option(value)

    def write(self, page: Page, name: str, text: str) -> None:
        field(page, name).fill(text)


class Keyboard:
    """Tab, arrows, space and Enter; never the mouse."""

    def press(self, target: Locator) -> None:
        self._reach(target)
        target.page.keyboard.press("Enter")
        target.page.wait_for_timeout(150)  # a press begins to lead somewhere
        settle(target.page)

    def choose(self, page: Page, name: str, value: str) -> None:
        self._tab(page, f"input[name='{name}']")
        page.keyboard.press("Space")
        self._arrow_to(page, value)

    def tick(self, page: Page, name: str, value: str) -> None:
        self._reach(page.locator(f"main input[name='{name}'][value='{value}']"))
        page.keyboard.press("Space")

    def select(self, page: Page, name: str, value: str) -> None:
        self._tab(page, f"select[name='{name}']")
        self._arrow_to(page, value)

    def write(self, page: Page, name: str, text: str) -> None:
        self._tab(page, f"[name='{name}']")
        page.keyboard.type(text)

    def _arrow_to(self, page: Page, value: str) -> None:
        for _ in range(40):
            if page.evaluate("document.activeElement.value") == value:
                return
            page.keyboard.press("ArrowDown")
        pytest.fail(f"The arrows never came to {value}.")

    def _reach(self, target: Locator) -> None:
        element = target.first.element_handle()
        for _ in range(MOST_TABS):
            if element.evaluate("element => document.activeElement === element"):
                return
            target.page.keyboard.press("Tab")
        pytest.fail(f"The keyboard never came to {target}.")

    def _tab(self, page: Page, selector: str) -> None:
        for _ in range(MOST_TABS):
            if page.evaluate("selector => document.activeElement.matches('main ' + selector)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"The keyboard never came to {selector}.")
