"""Stretches of the way that several people go: from a worry to a case, and on by its steps."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Hand, field
from tests.running import RunningHouse

WORRY = "Genom väggen hör jag honom hota henne varje kväll. I går ropade hon på hjälp."


def door(page: Page, house: RunningHouse, address: str) -> None:
    page.goto(f"{house.staff_url}intern/{address}")


def submit(page: Page) -> Locator:
    """The main button of the form in the page."""
    return page.locator("main form[method='post'] button[type='submit'][class='fh-button']")


def is_right(page: Page, axe) -> bool:
    """No violation, and nothing beside the screen."""
    return axe(page) == [] and page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def tell(page: Page, house: RunningHouse, hand: Hand, what: str = WORRY) -> str:
    """A neighbour tells of a worry, anonymously; the receipt."""

    def go(on: str) -> None:
        hand.press(page.locator(f"main button[value='{on}']"))

    page.goto(house.public_url)
    go("begin")
    hand.choose(page, "urgency", "now")
    go("next")
    go("next")
    hand.write(page, "what", what)
    go("next")
    hand.write(page, "where", "Lindgatan 14")
    hand.choose(page, "children", "yes")
    go("next")
    hand.choose(page, "relation", "neighbour")
    hand.choose(page, "identity", "anonymous")
    go("next")
    go("send")
    return page.locator(".concern-receipt__digits").inner_text()


def do_step(page: Page, hand: Hand, name: str, text: str, **answers: str) -> None:
    """Do the step of that name, which is the person's own, from the case page."""
    hand.press(page.locator("main a[href*='/steg/']").filter(has_text=name))
    for question, answer in answers.items():
        hand.choose(page, question, answer)
    hand.write(page, "text", text)
    hand.press(submit(page))
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def write_sections(page: Page, house: RunningHouse, hand: Hand, number: str, text: str) -> None:
    """Write and sign every section of the investigation that nothing is written in."""
    empty = page.locator("main a[href$='/skriv/']")
    door(page, house, f"arenden/{number}/utredning/")
    for address in [link.get_attribute("href") for link in empty.all()]:
        page.goto(house.staff_url.rstrip("/") + address)
        hand.write(page, "text", text)
        field(page, "sign").check()
        hand.press(submit(page))
        expect(page.locator(".govuk-error-summary")).to_have_count(0)
    door(page, house, f"arenden/{number}/utredning/")
    expect(empty).to_have_count(0)


def find_concern(page: Page, house: RunningHouse, text: str) -> None:
    """Open the urgent concern that says `text`."""
    door(page, house, "inkorg/")
    links = page.get_by_role("row").filter(has_text="Någon är i fara just nu").filter(has_text="Inkommen").get_by_role("link")
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(house.staff_url.rstrip("/") + address)
        if text in page.locator("main").inner_text():
            return
    pytest.fail("The concern isn't in the inbox.")


def take_up(
    page: Page, hand: Hand, name: str, *, kind: str = "partner", age_group: str = "adult", worker: str = "Viola Vintergäck"
) -> str:
    """Assess the open concern and take it up; the number of the case, whose page is open then."""
    hand.press(page.get_by_role("button", name="Börja bedöma"))
    hand.press(page.get_by_role("link", name="Skriv skyddsbedömningen"))
    hand.choose(page, "outcome", "arranged")
    hand.write(page, "note", "Barnen är hos mormor i natt.")
    hand.press(submit(page))
    hand.press(page.get_by_role("link", name="Ta upp"))
    hand.choose(page, "kind", kind)
    hand.choose(page, "age_group", age_group)
    hand.write(page, "name", name)
    hand.select(page, "district", "norra")
    takes = page.locator("select[name='caseworker'] option").filter(has_text=worker).get_attribute("value")
    hand.select(page, "caseworker", takes)
    hand.write(page, "summary", "En granne hör hot och rop på hjälp. Två barn i hemmet.")
    hand.press(submit(page))
    if "/arenden/" not in page.url:
        hand.press(page.locator("main a[href*='/arenden/']"))
    return page.locator("main h1").inner_text().split()[-1]
