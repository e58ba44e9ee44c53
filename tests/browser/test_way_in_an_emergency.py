"""Someone stands in the reception and another team has her case: it's opened for an hour, and reviewed."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import Keyboard, field
from tests.browser.ways import is_right

PHONE = {"width": 390, "height": 844}


def main(page: Page):
    return page.locator("main")


def case_of_the_adults(page: Page, running_house, step_in) -> str:
    """The number of a case that the reception doesn't work with."""
    step_in(page, "kerstin")
    page.goto(f"{running_house.staff_url}intern/arenden/?status=closed")
    rows = main(page).locator("tbody th a")
    numbers = rows.all_inner_texts()
    step_in(page, "mona")
    for number in numbers:
        if page.goto(f"{running_house.staff_url}intern/arenden/{number}/").status == 404:
            return number
    raise AssertionError("every case is the reception's too")


def test_a_case_is_opened_in_an_emergency_and_reviewed(browser: Browser, running_house, step_in, axe, picture):
    hand, window = Keyboard(), browser.new_context(locale="sv-SE", viewport=PHONE)
    page = window.new_page()
    number = case_of_the_adults(page, running_house, step_in)
    page.goto(f"{running_house.staff_url}intern/arenden/{number}/finns/")
    assert is_right(page, axe)
    picture(page, "emergency-1-known")
    hand.press(main(page).get_by_role("link", name="Öppna i en nödsituation"))
    hand.press(main(page).get_by_role("button", name="Gå vidare"))
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert is_right(page, axe)
    hand.choose(page, "reason", "life")
    field(page, "words").fill("Hon står i receptionen och ingen i teamet svarar.")
    picture(page, "emergency-2-why")
    hand.press(main(page).get_by_role("button", name="Gå vidare"))
    assert is_right(page, axe)
    picture(page, "emergency-3-asked")
    hand.press(main(page).get_by_role("button", name=re.compile("Öppna nu")))
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    picture(page, "emergency-4-open")

    step_in(page, "kerstin")
    page.goto(f"{running_house.staff_url}intern/arenden/nodoppningar/")
    assert is_right(page, axe)
    picture(page, "emergency-5-to-review")
    hand.press(main(page).get_by_role("link", name=re.compile(number)))
    hand.choose(page, "outcome", "justified")
    field(page, "words").fill("Rätt. Teamets telefon var avstängd, det är åtgärdat.")
    assert is_right(page, axe)
    hand.press(main(page).get_by_role("button", name="Spara granskningen"))
    expect(main(page).get_by_text("Det behövdes")).to_be_visible()

    step_in(page, "mona")
    assert page.goto(f"{running_house.staff_url}intern/arenden/{number}/").status == 404
    window.close()
