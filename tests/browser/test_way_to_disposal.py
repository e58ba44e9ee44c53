"""What the law says must go: one person has proposed it, another reads the list and approves it, and a proof remains.

It stands last: what it destroys, the other journeys still see.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard

FOR_EVER = 60_000  # ms: the worker may be busy with the night's work


def main(page: Page):
    return page.locator("main")


def test_two_people_destroy_and_a_proof_remains(page: Page, step_in, axe, picture):
    hand = Keyboard()
    page.set_viewport_size({"width": 390, "height": 844})
    step_in(page, "kerstin")
    hand.press(page.locator(".fh-rail a[href$='/gallring/']"))
    hand.press(main(page).get_by_role("link", name=re.compile("föreslagna av|föreslaget av")))
    number = main(page).locator("tbody th a").first.inner_text()
    assert axe(page) == []
    picture(page, "disposal-list-phone")

    hand.press(main(page).get_by_role("link", name="Godkänn"))
    assert axe(page) == []
    picture(page, "disposal-approve-phone")
    hand.press(main(page).get_by_role("button", name="Godkänn och gallra"))

    expect(main(page).get_by_role("link", name="Se bevisen")).to_be_visible(timeout=FOR_EVER)
    page.reload()
    assert axe(page) == []
    picture(page, "disposal-done-phone")
    hand.press(main(page).get_by_role("link", name="Se bevisen"))
    expect(main(page).get_by_role("row")).not_to_have_count(1)
    assert number not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    picture(page, "disposal-proof")
