"""From a worry about a child to decision, intervention, follow-up and closing, by the children's team on its own process."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard, Mouse, settle
from tests.browser.ways import do_step, door, find_concern, is_right, submit, take_up, tell, write_sections

WORRY = "Flickan i huset bredvid är ofta ute sent och säger att hon inte vågar gå hem när pappa är arg."
PHONE = {"width": 390, "height": 844}


def number_of(page: Page) -> str:
    return page.locator("main h1").inner_text().split()[-1]


def answered(page: Page) -> None:
    """What was sent was taken."""
    settle(page)
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


@pytest.mark.timeout(900)
def test_a_child_from_concern_to_closing(page: Page, running_house, desk, axe, picture):
    hand, keys = Mouse(), Keyboard()
    tell(page, running_house, hand, WORRY)

    # The reception assesses within fourteen days, and hands over
    mona = desk("mona")
    find_concern(mona, running_house, WORRY)
    first = take_up(mona, hand, "Maja Mård", kind="child", age_group="child", worker="Bo Blåklocka")
    expect(mona.get_by_role("heading", name="Aktualisering och förhandsbedömning")).to_be_visible()
    do_step(mona, hand, "Bedöma behovet av omedelbart skydd", "Hon sover hos mormor.", protection="planned")
    expect(mona.locator("main").get_by_text(re.compile(r"\d\d dagar kvar")).first).to_be_visible()
    assert is_right(mona, axe)
    picture(mona, "child-1-clock")
    do_step(mona, hand, "Göra förhandsbedömningen", "Skolan är orolig sedan länge.", proposal="investigate")

    # The team leader decides, by the keyboard alone
    cilla = desk("cilla")
    door(cilla, running_house, f"arenden/{first}/")
    do_step(cilla, keys, "Besluta om utredning ska inledas", "Utredning behövs.", assessment="investigate")
    door(mona, running_house, f"arenden/{first}/")
    do_step(mona, hand, "Lämna över till den som utreder", "Skolan väntar svar på måndag.")
    number = number_of(mona)
    assert number != first
    expect(mona.locator("main").get_by_text("Samma person: ärendet som det här började med").first).to_be_visible()

    # The caseworker investigates, on a telephone and without JavaScript
    bo = desk("bo", viewport=PHONE, java_script_enabled=False)
    door(bo, running_house, f"arenden/{number}/")
    assert bo.locator("main").inner_text().count("4 månader") > 0
    do_step(bo, hand, "Planera utredningen", "Samtal med Maja, mormor och skolan.")
    bo.locator("main a[href*='/forlang/']").first.click()
    expect(bo.locator("main .govuk-hint").first).to_contain_text("Senast")
    bo.fill("input[name='until']", str(dt.date.today() + dt.timedelta(days=180)))
    bo.fill("textarea[name='text']", "Förhör på barnahus väntar.")
    submit(bo).click()
    answered(bo)
    door(cilla, running_house, f"arenden/{number}/")
    keys.press(cilla.locator("main a[href*='/forlangning/']"))
    keys.choose(cilla, "answer", "granted")
    keys.write(cilla, "text", "Barnahus har tid först i januari.")
    keys.press(submit(cilla))
    answered(cilla)
    door(bo, running_house, f"arenden/{number}/")
    for step, text, given in (
        ("Samtala med barnet", "Hon vill bo hos mormor.", {"heard": "alone"}),
        ("Barnets behov och utveckling", "Hon trivs i skolan men sover dåligt.", {}),
        ("Föräldrarnas förmåga", "Mamma är trygg. Pappa hotar.", {}),
        ("Familj och miljö", "Mormor finns nära.", {}),
        ("Bedöma risken för barnet", "Hög risk vid umgänge.", {"risk": "high"}),
    ):
        do_step(bo, hand, step, text, **given)
    bo.locator("main a[href*='/steg/']").filter(has_text="Sammanställa och bedöma").click()
    expect(bo.get_by_role("heading", name="Avsnitt som inte är signerade")).to_be_visible()
    assert bo.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    write_sections(bo, running_house, hand, number, "Maja vill bo där det är lugnt.")
    picture(bo, "child-2-sections")
    door(bo, running_house, f"arenden/{number}/")
    for step, text, given in (
        ("Sammanställa och bedöma", "Maja behöver samtal och ett tryggt umgänge.", {}),
        ("Låta parterna läsa", "Mamma håller med. Pappa får inte läsa nu.", {"communicated": "some"}),
    ):
        do_step(bo, hand, step, text, **given)
    picture(bo, "child-2-investigated")

    # The team leader decides and grants
    door(cilla, running_house, f"arenden/{number}/")
    assert is_right(cilla, axe)
    door(cilla, running_house, f"arenden/{number}/beslut/")
    hand.choose(cilla, "kind", "assistance")
    hand.choose(cilla, "outcome", "partly")
    hand.select(cilla, "refused", "contact_person")
    hand.tick(cilla, "reasons", "met_otherwise")
    hand.write(cilla, "motivation", "Maja behöver stöd för att bearbeta våldet.")
    assert is_right(cilla, axe)
    hand.press(submit(cilla))
    answered(cilla)
    expect(cilla.get_by_role("heading", name="Så överklagas beslutet")).to_be_visible()
    picture(cilla, "child-3-decision")
    cilla.fill("input[name='told_on']", str(dt.date.today()))
    hand.press(submit(cilla))
    answered(cilla)
    expect(cilla.locator("main").get_by_text("Sista dag att överklaga")).to_be_visible()
    door(cilla, running_house, f"arenden/{number}/insats/")
    hand.select(cilla, "kind", "child_talks")
    hand.tick(cilla, "reasons", "psychological_violence")
    decision = cilla.locator("select[name='decision'] option").last.get_attribute("value")
    hand.select(cilla, "decision", decision)
    hand.press(submit(cilla))
    answered(cilla)
    door(cilla, running_house, f"arenden/{number}/")
    do_step(cilla, hand, "Besluta om insatser", "Beviljas enligt beslutet.", decision="granted")

    # Followed up, ended and closed
    door(bo, running_house, f"arenden/{number}/")
    bo.locator("main a[href*='/insats/'][href$='/folj-upp/']").first.click()
    bo.fill("textarea[name='text']", "Maja säger att samtalen hjälper.")
    submit(bo).click()
    answered(bo)
    bo.locator("main a[href*='/insats/'][href$='/avsluta/']").first.click()
    bo.fill("input[name='end']", str(dt.date.today()))
    bo.locator("main input[name='outcome']").first.check()
    submit(bo).click()
    answered(bo)
    do_step(bo, hand, "Genomföra och följa upp insatserna", "Hon är trygg hos mamma.", risk="low", follow_up="finish")
    door(cilla, running_house, f"arenden/{number}/")
    do_step(cilla, hand, "Avsluta ärendet", "Målet är nått.", closing_reason="finished")
    expect(cilla.locator("main").get_by_text(re.compile("Stödet är slutfört")).first).to_be_visible()
    assert is_right(cilla, axe)
    picture(cilla, "child-4-closed")
    door(cilla, running_house, f"arenden/{number}/journal/")
    journal = cilla.locator("main").inner_text()
    assert all(said in journal for said in ("Skolan väntar svar på måndag.", "Hon vill bo hos mormor.", "Målet är nått."))
