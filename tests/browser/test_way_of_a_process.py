"""The process owner changes how the municipality works: drawn, tried, published by another, and the cases moved."""

import re

from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.ways import door, is_right, submit

PROCESS = "vinr_adult"
NEW = "Risken bedöms inom fem dagar."


def main(page: Page):
    return page.locator("main")


def redrawn(page: Page, running_house) -> str:
    """The first version as an editor would save it, with another time limit for the risk assessment."""
    answer = page.request.get(f"{running_house.staff_url}intern/processer/{PROCESS}/1/fil/")
    assert answer.ok
    before = answer.text()
    at = before.index('<bpmn:boundaryEvent id="assess_risk_limit"')
    return before[:at] + before[at:].replace("P7D", "P5D", 1).replace("7 dagar", "5 dagar", 1)


def upload(page: Page, running_house, file: str) -> None:
    door(page, running_house, "processer/ladda-upp/")
    page.set_input_files("input[name='file']", {"name": "vinr.bpmn", "mimeType": "application/xml", "buffer": file.encode()})
    page.fill("textarea[name='note']", NEW)
    Mouse().press(submit(page))


def test_a_process_is_changed_and_its_cases_moved(running_house, desk, axe, picture):
    hand, keys = Mouse(), Keyboard()
    petra = desk("petra")
    file = redrawn(petra, running_house)

    # What can't be used is told with what to do, and nothing of it is kept
    upload(petra, running_house, file.replace('camunda:formKey="risk_assessment"', 'camunda:formKey="riskbedomning"'))
    expect(main(petra).get_by_text("”riskbedomning”").first).to_be_visible()
    assert is_right(petra, axe)
    picture(petra, "process-1-refused")

    upload(petra, running_house, file)
    expect(main(petra).get_by_text(NEW).first).to_be_visible()
    number = re.search(r"/(\d+)/$", petra.url)[1]
    assert is_right(petra, axe)
    picture(petra, "process-2-draft")

    # Tried in the sandbox, by the keyboard
    door(petra, running_house, f"processer/{PROCESS}/{number}/prova/")
    keys.press(main(petra).get_by_role("button", name=re.compile("Börja")))
    for name, value in (("protection", "none"), ("assessment", "decline")):
        petra.check(f"main input[name='{name}'][value='{value}']")
    keys.press(main(petra).locator("form:has(input[name='task']) button[type='submit']"))
    petra.check("main input[name='closing_reason'][value='no_investigation']")
    keys.press(main(petra).locator("form:has(input[name='task']) button[type='submit']"))
    expect(main(petra).get_by_text("Ärendet kom till sitt slut").first).to_be_visible()
    assert is_right(petra, axe)
    picture(petra, "process-3-tried")

    # Proposed by the one, published by another
    door(petra, running_house, f"processer/{PROCESS}/{number}/foresla/")
    keys.press(main(petra).get_by_role("button", name="Föreslå"))
    assert petra.goto(f"{running_house.staff_url}intern/processer/{PROCESS}/{number}/publicera/").status == 403
    kerstin = desk("kerstin")
    door(kerstin, running_house, f"processer/{PROCESS}/{number}/publicera/")
    keys.press(main(kerstin).get_by_role("button", name="Publicera"))
    expect(main(kerstin).get_by_text("Publicerad").first).to_be_visible()
    picture(kerstin, "process-4-published")

    # The cases that run on the first version are checked, and moved
    door(petra, running_house, f"arenden/flytta/{PROCESS}/1/{number}/")
    assert is_right(petra, axe)
    hand.press(submit(petra))
    confirm = main(petra).get_by_role("button", name=re.compile("Flytta"))
    expect(confirm).to_be_visible(timeout=120_000)
    assert is_right(petra, axe)
    picture(petra, "process-5-checked")
    hand.press(confirm)
    expect(main(petra).locator("dt", has_text="Flyttade")).to_be_visible(timeout=120_000)
    picture(petra, "process-6-moved")

    # Their caseworkers see the new drawing, and the list of what may be missed
    door(kerstin, running_house, f"arenden/tidsgranser/?when=all&process={PROCESS}")
    assert is_right(kerstin, axe)
    hand.press(main(kerstin).locator("tbody tr").filter(has_text="Bedöma risk").locator("td a"))
    expect(main(kerstin).locator(".pr-diagram")).to_contain_text("5 dagar")
    assert is_right(kerstin, axe)
    picture(kerstin, "process-7-case")
