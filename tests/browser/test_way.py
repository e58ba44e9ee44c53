"""The whole way: a neighbour worries, a case is worked, an intervention is granted, a figure comes out and betrays nobody."""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Hand, Keyboard, Mouse
from tests.browser.test_concern import choose, press
from tests.browser.ways import WORRY, do_step, door, find_concern, submit, take_up, tell
from tests.running import RunningHouse

ROOT = Path(__file__).parent.parent.parent
AXE = Callable[[Page], list]
PICTURE = Callable[[Page, str], None]


@pytest.mark.parametrize("hand", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def test_the_whole_way_as_four_people(page: Page, running_house: RunningHouse, desk, axe: AXE, picture: PICTURE, hand: Hand):
    # A neighbour
    receipt = tell(page, running_house, hand)
    assert len(receipt.split()) == 5

    # The reception
    mona = desk("mona")
    find_concern(mona, running_house, WORRY)
    assert axe(mona) == []
    picture(mona, "way-1-concern")
    number = take_up(mona, hand, "Saga Solvända")
    assert axe(mona) == []
    answers = {"protection": "planned", "assessment": "investigate"}
    do_step(mona, hand, "Aktualisera", "Hon är trygg i natt och vill ha hjälp.", **answers)

    # The caseworker
    viola = desk("viola")
    door(viola, running_house, "arenden/att-gora/")
    assert axe(viola) == []
    door(viola, running_house, f"arenden/{number}/")
    assert axe(viola) == []
    picture(viola, "way-2-case")
    do_step(viola, hand, "Kartlägga våldet", "Hot och slag i två år.")
    do_step(viola, hand, "Bedöma risk", "Måttlig risk. Säkerhetsplan gjord.", risk="moderate")
    do_step(viola, hand, "Sammanställa utredningen", "Jag föreslår stödsamtal.")

    # The team leader
    kerstin = desk("kerstin")
    door(kerstin, running_house, f"arenden/{number}/insats/")
    hand.select(kerstin, "kind", "support_talks")
    hand.tick(kerstin, "reasons", "physical_violence")
    hand.tick(kerstin, "reasons", "psychological_violence")
    assert axe(kerstin) == []
    hand.press(submit(kerstin))
    door(kerstin, running_house, f"arenden/{number}/")
    do_step(kerstin, hand, "Besluta om insatser", "Beviljas.", decision="granted")
    text = kerstin.locator("main").inner_text()
    assert "Stödsamtal" in text
    assert "Utsatt för fysiskt våld" in text
    assert "Anmälan O-" in text
    assert "Genomföra och följa upp insatserna" in text
    assert axe(kerstin) == []
    picture(kerstin, "way-3-granted")

    # The strategist
    sofia = desk("sofia")
    door(sofia, running_house, "statistik/bestall/")
    year = sofia.locator("select[name='year'] option").first.get_attribute("value")
    hand.select(sofia, "year", year)
    assert axe(sofia) == []
    hand.press(submit(sofia))
    ready = sofia.get_by_role("link", name="Läs igenom den")
    expect(ready).to_be_visible(timeout=120_000)
    hand.press(ready)
    assert axe(sofia) == []
    hand.press(sofia.get_by_role("button", name="Publicera tabellen"))
    door(sofia, running_house, f"statistik/?year={year}&rows=reason&columns=age_group")
    assert axe(sofia) == []
    picture(sofia, "way-4-figure")
    figures_agree(sofia)


def figures_agree(page: Page) -> None:
    """The table on the page, its CSV and its workbook show the same."""
    shown = [
        [cell.inner_text().replace("\xa0", " ").split("\n")[0].strip() for cell in row.locator("th, td").all()]
        for row in page.locator("main tbody tr").all()
    ]
    plain = [[cell.replace(" ", "") if place else cell for place, cell in enumerate(row)] for row in shown]
    plain = [[row[0], *(".." if cell.startswith("..") else cell for cell in row[1:])] for row in plain]
    files = {}
    for kind in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Den här tabellen, {kind}").click()
        files[kind] = download.value.path().read_bytes()
    rows = list(csv.reader(io.StringIO(files["CSV"].decode("utf-8-sig")), delimiter=";"))[1:]
    sheet = openpyxl.load_workbook(io.BytesIO(files["Excel"])).worksheets[0]
    book = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert plain == rows == book[: len(plain)]


# ── Everyone's pages ──────────────────────────────────────────────────────

PAGES = {
    "mona": (
        "",
        "intern/inkorg/",
        "intern/inkorg/?visa=mine",
        "intern/arenden/",
        "intern/arenden/att-gora/",
        "intern/arenden/nytt/",
    ),
    "viola": ("", "intern/arenden/", "intern/arenden/att-gora/", "intern/arenden/sok/"),
    "kerstin": ("", "intern/arenden/?status=closed", "intern/inkorg/"),
    "sofia": (
        "",
        "intern/statistik/",
        "intern/statistik/?rows=reason&columns=year",
        "intern/statistik/bestall/",
        "intern/statistik/?year=1",
    ),
    "nils": ("", "intern/namnd/", "intern/namnd/handlingar/", "intern/namnd/ta-in/"),
    "folke": ("", "intern/design/", "intern/finns-inte/", "intern/statistik/bestall/"),
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("username", PAGES)
def test_every_page_is_right_for_everyone(running_house, desk, axe: AXE, picture: PICTURE, username: str, language: str):
    page = desk(username)
    page.locator(f"button[name='language'][value='{language}']").click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in PAGES[username]:
            page.goto(running_house.staff_url + address)
            assert page.locator("html").get_attribute("lang") == language
            assert axe(page) == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            name = address.strip("/").replace("/", "-").replace("?", "-") or "start"
            picture(page, f"staff-{username}-{name}-{width}-{language}")


def test_the_first_page_introduces_the_house(page: Page, running_house: RunningHouse, axe: AXE, picture: PICTURE):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(running_house.staff_url)

    assert axe(page) == []
    expect(page.locator("main form")).to_have_count(15)
    picture(page, "start")
    if os.environ.get("DOCS_PICTURES"):  # `make docs` renews the README's picture
        page.screenshot(path=ROOT / "docs" / "pictures" / "start.png")


def test_the_staff_work_by_keyboard_alone(page: Page, running_house: RunningHouse, step_in):
    step_in(page, "viola")
    keys = page.keyboard

    def go(selector: str) -> None:
        page.wait_for_load_state()
        for _ in range(80):
            if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            keys.press("Tab")
        pytest.fail(f"The keyboard never came to {selector}.")

    go("nav a[href$='/intern/arenden/']")
    keys.press("Enter")
    page.wait_for_url("**/intern/arenden/")
    go("main a[href*='/arenden/V-']")
    keys.press("Enter")
    page.wait_for_url("**/arenden/V-*/**")
    go("a[href$='/anteckning/']")
    keys.press("Enter")
    page.wait_for_url("**/anteckning/")
    go("textarea[name='text']")
    keys.type("Skrivet utan mus.")
    go("main form[method='post'] button[type='submit']")
    keys.press("Enter")
    page.wait_for_load_state()

    if page.locator(".govuk-error-summary").count():
        pytest.fail(page.locator(".govuk-error-summary").inner_text())
    assert "Skrivet utan mus." in page.locator("main").inner_text()


def test_a_caseworker_works_without_javascript(running_house: RunningHouse, desk):
    viola = desk("viola", java_script_enabled=False)
    door(viola, running_house, "arenden/")
    viola.locator("main tbody a").first.click()
    viola.get_by_role("link", name="Skriv i journalen").click()
    viola.locator("main form[method='post'] button[type='submit']").first.click()
    assert viola.locator(".govuk-error-summary a").count() >= 1
    choose(viola, "kind", "conversation") if viola.locator("input[name='kind']").count() else viola.select_option(
        "select[name='kind']", "conversation"
    )
    viola.fill("textarea[name='text']", "Skrivet utan JavaScript.")
    viola.locator("main form[method='post'] button[type='submit']").first.click()

    assert "Skrivet utan JavaScript." in viola.locator("main").inner_text()


def test_need_to_know_holds_by_address(running_house: RunningHouse, desk):
    viola, bo = desk("viola"), desk("bo")
    door(viola, running_house, "arenden/")
    address = viola.locator("main tbody a").first.get_attribute("href")

    answer = bo.goto(running_house.staff_url.rstrip("/") + address)

    assert answer.status == 404


def test_the_public_page_sets_no_cookie_at_all(page: Page, running_house: RunningHouse):
    page.goto(running_house.public_url)
    press(page, "begin")

    assert page.context.cookies() == []
