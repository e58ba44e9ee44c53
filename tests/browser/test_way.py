"""The whole way: a neighbour worries, a case is worked, an intervention is granted, a figure comes out and betrays nobody."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningHouse
from tests.browser.test_concern import choose, press, send

ROOT = Path(__file__).parent.parent.parent
WORRY = "Genom väggen hör jag honom hota henne varje kväll. I går ropade hon på hjälp."
AXE = Callable[[Page], list]
PICTURE = Callable[[Page, str], None]


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


def door(page: Page, house: RunningHouse, address: str) -> None:
    page.goto(f"{house.staff_url}intern/{address}")


def main_button(page: Page) -> None:
    """Press the one main button of the form in the page."""
    page.locator("main form[method='post'] button[type='submit']").last.click()
    page.wait_for_load_state()


def do_step(page: Page, text: str, **answers: str) -> None:
    """Do the first step that is the person's own on the case page."""
    page.locator("main a[href*='/steg/']").first.click()
    for name, value in answers.items():
        choose(page, name, value)
    page.fill("textarea[name='text']", text)
    page.locator("main form[method='post'] .fh-actions button").first.click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def find_concern(page: Page, house: RunningHouse, text: str) -> None:
    """Open the urgent concern that says `text`."""
    door(page, house, "inkorg/")
    links = page.get_by_role("row").filter(has_text="Någon är i fara just nu").get_by_role("link")
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(house.staff_url.rstrip("/") + address)
        if text in page.locator("main").inner_text():
            return
    pytest.fail("The concern isn't in the inbox.")


def take_up(page: Page, name: str) -> str:
    """Assess the open concern and take it up; the number of the case."""
    page.get_by_role("button", name="Börja bedöma").click()
    page.get_by_role("link", name="Skriv skyddsbedömningen").click()
    choose(page, "outcome", "arranged")
    page.fill("textarea[name='note']", "Barnen är hos mormor i natt.")
    main_button(page)
    page.get_by_role("link", name="Ta upp").click()
    choose(page, "kind", "partner")
    choose(page, "age_group", "adult")
    page.fill("input[name='name']", name)
    page.select_option("select[name='district']", "norra")
    page.locator("select[name='caseworker']").select_option(label="Viola Vintergäck, Vuxen våld")
    page.fill("textarea[name='summary']", "En granne hör hot och rop på hjälp. Två barn i hemmet.")
    main_button(page)
    page.locator("main a[href*='/arenden/']").first.click()
    return page.locator("main h1").inner_text().split()[-1]


def test_the_whole_way_as_four_people(page: Page, running_house: RunningHouse, desk, axe: AXE, picture: PICTURE):
    # A neighbour
    receipt = send(page, running_house, what=WORRY)
    assert len(receipt.split()) == 5

    # The reception
    mona = desk("mona")
    find_concern(mona, running_house, WORRY)
    assert axe(mona) == []
    picture(mona, "way-1-concern")
    number = take_up(mona, "Saga Solvända")
    assert axe(mona) == []
    do_step(mona, "Hon är trygg i natt och vill ha hjälp.", protection="planned", assessment="investigate")

    # The caseworker
    viola = desk("viola")
    door(viola, running_house, "arenden/att-gora/")
    assert axe(viola) == []
    door(viola, running_house, f"arenden/{number}/")
    assert "Kartlägga våldet" in viola.locator("main").inner_text()
    assert axe(viola) == []
    picture(viola, "way-2-case")
    for _step in range(2):
        if viola.get_by_role("link", name="Bedöma risk och planera säkerhet").first.is_visible() and _step:
            do_step(viola, "Måttlig risk. Säkerhetsplan gjord.", risk="moderate")
        else:
            viola.get_by_role("link", name="Kartlägga våldet").first.click()
            viola.fill("textarea[name='text']", "Hot och slag i två år.")
            viola.locator("main form[method='post'] .fh-actions button").first.click()
    do_step(viola, "Jag föreslår stödsamtal.")

    # The team leader
    kerstin = desk("kerstin")
    door(kerstin, running_house, f"arenden/{number}/insats/")
    kerstin.select_option("select[name='kind']", "support_talks") if kerstin.locator("select[name='kind']").count() else choose(
        kerstin, "kind", "support_talks"
    )
    kerstin.check("input[name='reasons'][value='physical_violence']")
    kerstin.check("input[name='reasons'][value='psychological_violence']")
    assert axe(kerstin) == []
    main_button(kerstin)
    door(kerstin, running_house, f"arenden/{number}/")
    do_step(kerstin, "Beviljas.", decision="granted")
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
    sofia.locator("select[name='year'] option").first.wait_for(state="attached")
    year = sofia.locator("select[name='year'] option").first.get_attribute("value")
    sofia.select_option("select[name='year']", year)
    assert axe(sofia) == []
    main_button(sofia)
    sofia.get_by_role("link", name="Läs igenom den").click(timeout=120_000)
    assert axe(sofia) == []
    sofia.get_by_role("button", name="Publicera tabellen").click()
    door(sofia, running_house, f"statistik/?year={year}&rows=reason&columns=age_group")
    assert axe(sofia) == []
    picture(sofia, "way-4-figure")
    figures_agree(sofia, running_house)

    # The neighbour, again
    assert number not in page.locator("body").inner_text()


def figures_agree(page: Page, house: RunningHouse) -> None:
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
