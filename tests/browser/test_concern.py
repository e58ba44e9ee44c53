"""The public face in a real browser: the whole way in three languages, and no trace of it."""

import base64
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import QUIET
from tests.running import RunningHouse
from tools.ensure_browser import found

TITLE = "Fridköping"
CANARY = "Kanariefagel7381"  # the same letters in every encoding
WORDS = {"sv": "Svenska", "en": "English", "ar": "العربية"}
FIRST = {"sv": "Är du orolig för någon?", "en": "Are you worried about someone?", "ar": "هل أنت قلق على أحد؟"}
PLACES = ("start", "urgency", "numbers", "what", "where", "you", "contact", "review", "sent")


def heading(page: Page) -> str:
    return page.locator("main h1").inner_text()


def press(page: Page, go: str) -> None:
    """Press a button by what it does, and wait until the next place is there."""
    page.locator(f"main button[value='{go}']").first.click()
    expect(page.locator("html[aria-busy]")).to_have_count(0)


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"input[name='{name}'][value='{value}']")


def speak(page: Page, language: str) -> None:
    """Change the language, and wait until the page speaks it."""
    page.get_by_role("button", name=WORDS[language]).click()
    expect(page.locator("html[aria-busy]")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", language)


def walk(page: Page, house: RunningHouse, language: str = "sv", what: str = CANARY) -> Iterator[str]:
    """Go the whole way, and stop at every place so that it can be looked at."""
    page.goto(house.public_url)
    speak(page, language)
    expect(page.locator("main h1")).to_have_text(FIRST[language])
    yield "start"
    press(page, "begin")
    yield "urgency"
    choose(page, "urgency", "now")
    press(page, "next")
    yield "numbers"
    press(page, "next")
    yield "what"
    page.fill("textarea[name='what']", what)
    press(page, "next")
    yield "where"
    page.fill("input[name='where']", f"Björkvägen {CANARY}")
    page.fill("input[name='about']", f"Lova {CANARY}")
    choose(page, "children", "yes")
    press(page, "next")
    yield "you"
    choose(page, "relation", "neighbour")
    choose(page, "identity", "named")
    press(page, "next")
    yield "contact"
    page.fill("input[name='name']", f"Greta {CANARY}")
    page.fill("input[name='contact']", f"{CANARY}@example.org")
    press(page, "next")
    yield "review"
    press(page, "send")
    yield "sent"


def send(page: Page, house: RunningHouse, **given) -> str:
    """The whole way without stopping; the receipt."""
    for _place in walk(page, house, **given):
        pass
    return page.locator(".concern-receipt__digits").inner_text()


def open_mailbox(page: Page, house: RunningHouse, receipt: str) -> None:
    page.goto(house.public_url)
    press(page, "entrance")
    page.fill("input[name='receipt']", receipt)
    press(page, "open")


# ── The way through ───────────────────────────────────────────────────────


@pytest.mark.safety("C40")
@pytest.mark.parametrize("language", WORDS)
def test_the_whole_way_is_right_for_everyone_at_every_place(page, running_house, axe, picture, language, proof):
    places, headings = [], set()
    for place in walk(page, running_house, language):
        places.append(place)
        headings.add(heading(page))
        assert axe(page) == [], place
        assert (page.url, page.title()) == (running_house.public_url, TITLE)
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
            language,
            "rtl" if language == "ar" else "ltr",
        ]
        if place != "start":
            assert page.evaluate("document.activeElement.tagName") == "H1"
        expect(page.locator("a[data-exit]").first).to_be_in_viewport()
        picture(page, f"concern-{language}-{place}")

    assert (tuple(places), len(headings)) == (PLACES, len(PLACES))
    assert page.evaluate("history.length") == 2  # the empty page before, and this one
    proof.measured(f"the public way in {language}: 0 violations")


@pytest.mark.parametrize("language", WORDS)
def test_an_error_is_said_at_the_field_and_found_by_everyone(page, running_house, axe, language):
    page.goto(running_house.public_url)
    speak(page, language)
    press(page, "begin")
    press(page, "next")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert axe(page) == []
    page.locator(".govuk-error-summary a").click()
    expect(page.locator("input[name='urgency']").first).to_be_focused()
    assert (page.url, page.evaluate("history.length")) == (running_house.public_url, 2)


def test_the_answer_is_read_with_the_receipt_and_more_can_be_added(page, running_house, axe, picture, step_in, browser):
    receipt = send(page, running_house, what="Grannen skriker varje kväll klockan tio.")
    open_mailbox(page, running_house, receipt)
    assert "Ingen hos oss har läst det ännu." in page.locator("main").inner_text()

    desk = browser.new_context(locale="sv-SE").new_page()
    step_in(desk, "mona")
    desk.goto(running_house.staff_url + "intern/inkorg/")
    urgent = desk.get_by_role("row").filter(has_text="Någon är i fara just nu").get_by_role("link")
    for address in [link.get_attribute("href") for link in urgent.all()]:
        desk.goto(running_house.staff_url.rstrip("/") + address)
        if "Grannen skriker varje kväll klockan tio." in desk.locator("main").inner_text():
            break
    desk.fill("textarea[name='text']", "Tack. När hör du det?")
    desk.get_by_role("button", name="Skicka svaret").click()
    desk.context.close()

    open_mailbox(page, running_house, receipt)
    expect(page.locator(".concern-letter--answer")).to_contain_text("Tack. När hör du det?")
    assert axe(page) == []
    page.fill("textarea[name='text']", "Efter klockan tio.")
    press(page, "add")
    expect(page.locator(".concern-letter")).to_have_count(3)
    assert axe(page) == []
    picture(page, "concern-sv-mailbox")


def test_a_wrong_receipt_is_told_kindly_and_what_was_typed_stays(page, running_house, axe, picture):
    open_mailbox(page, running_house, "1234 5678 9012 3456 7890")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("input[name='receipt']")).to_have_value("1234 5678 9012 3456 7890")
    assert axe(page) == []
    picture(page, "concern-sv-wrong-receipt")


def test_another_language_in_the_middle_keeps_what_was_typed(page, running_house):
    places = walk(page, running_house)
    while next(places) != "what":
        pass
    page.fill("textarea[name='what']", "Halva meningen")

    speak(page, "ar")

    expect(page.locator("main h1")).to_have_text("ماذا حدث؟")
    expect(page.locator("textarea[name='what']")).to_have_value("Halva meningen")


def test_a_lost_connection_loses_nothing(browser, running_house):
    page = browser.new_page(locale="sv-SE")  # its own: the console remarks on the lost connection
    places = walk(page, running_house)
    while next(places) != "what":
        pass
    page.fill("textarea[name='what']", "Det skriks.")
    page.route(running_house.public_url, lambda route: route.abort())

    press(page, "next")

    expect(page.locator("[data-trouble]")).to_be_visible()
    expect(page.locator("textarea[name='what']")).to_have_value("Det skriks.")
    page.unroute(running_house.public_url)
    press(page, "next")
    assert heading(page) == "Var är det, och vem gäller det?"
    page.context.close()


def test_sending_twice_sends_once(page, running_house):
    places = walk(page, running_house)
    while next(places) != "review":
        pass
    receipt = page.locator(".concern-receipt__digits").inner_text()

    page.locator("main button[value='send']").dblclick()
    expect(page.locator("main h1")).to_have_text("Tack för att du berättade")
    open_mailbox(page, running_house, receipt)

    expect(page.locator(".concern-letter")).to_have_count(1)


# ── Everyone's way ────────────────────────────────────────────────────────


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The keyboard never came to {selector}.")


@pytest.mark.safety("C40")
def test_the_keyboard_alone_is_enough(page, running_house, proof):
    keys = page.keyboard
    page.goto(running_house.public_url)
    tab_to(page, "main button[value='begin']")
    keys.press("Enter")
    expect(page.locator("main h1")).to_be_focused()

    def go_on(text: str) -> None:
        tab_to(page, "main button[value='next'], main button[value='send']")
        keys.press("Enter")
        expect(page.locator("main h1")).to_have_text(text)
        expect(page.locator("main h1")).to_be_focused()

    tab_to(page, "input[name='urgency']")
    keys.press("Space")
    for _ in range(2):
        keys.press("ArrowDown")
    go_on("Vad har hänt?")
    tab_to(page, "textarea")
    keys.type("Det skriks hos grannen.")
    go_on("Var är det, och vem gäller det?")
    tab_to(page, "input[name='where']")
    keys.type("Björkvägen 12")
    tab_to(page, "input[name='children']")
    keys.press("Space")
    go_on("Om dig")
    tab_to(page, "input[name='relation']")
    keys.press("Space")
    tab_to(page, "input[name='identity']")
    keys.press("Space")
    go_on("Läs igenom innan du skickar")
    assert "Inom några dagar" in page.locator("main").inner_text()
    go_on("Tack för att du berättade")
    proof.measured("the public way by keyboard alone")


def test_enter_in_a_box_goes_on_and_changes_no_language(page, running_house):
    places = walk(page, running_house)
    while next(places) != "where":
        pass
    choose(page, "children", "no")
    page.fill("input[name='where']", "Björkvägen 12")

    page.locator("input[name='where']").press("Enter")

    expect(page.locator("main h1")).to_have_text("Om dig")


@pytest.mark.parametrize("language", WORDS)
def test_a_phone_shows_everything_without_scrolling_sideways(page, running_house, axe, picture, language):
    page.set_viewport_size({"width": 390, "height": 844})
    for place in walk(page, running_house, language):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
        expect(page.locator("a[data-exit]").first).to_be_in_viewport()
        assert axe(page) == [], place
        picture(page, f"concern-{language}-{place}-phone")


@pytest.mark.safety("C40")
def test_large_text_on_a_small_screen_still_fits(page, running_house, proof):
    page.set_viewport_size({"width": 320, "height": 640})  # 1280 pixels at 400 %
    for place in walk(page, running_house):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, place
    proof.measured("400 % on a small screen: nothing lost sideways")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    yield context.new_page()
    context.close()


@pytest.mark.safety("C18")
def test_without_javascript_the_page_first_says_that_it_leaves_traces(plain_page, running_house, picture, proof):
    plain_page.goto(running_house.public_url)
    picture(plain_page, "concern-sv-plain")
    text = plain_page.locator("main").inner_text()
    assert text.index("kan lämna spår på den här enheten") < text.index("Berätta här")

    plain_page.fill("textarea[name='what']", "Det skriks.")
    plain_page.locator("#step button[value='send']").click()
    assert plain_page.locator(".govuk-error-summary a").count() == 4
    expect(plain_page.locator("textarea[name='what']")).to_have_value("Det skriks.")
    for name, value in {"urgency": "days", "children": "no", "relation": "unsaid", "identity": "anonymous"}.items():
        choose(plain_page, name, value)
    plain_page.locator("#step button[value='send']").click()
    expect(plain_page.locator("main h1")).to_have_text("Tack för att du berättade")
    receipt = plain_page.locator(".concern-receipt__digits").inner_text()

    plain_page.goto(running_house.public_url)
    plain_page.fill("input[name='receipt']", receipt)
    plain_page.locator("main button[value='open']").click()
    expect(plain_page.locator(".concern-letter")).to_contain_text("Det skriks.")
    expect(plain_page.locator("a[data-exit]").first).to_have_attribute("href", running_house.exit_url)
    proof.measured("without JavaScript: the warning comes first")


def test_without_javascript_the_page_speaks_arabic_too(plain_page, running_house):
    plain_page.goto(running_house.public_url)
    plain_page.get_by_role("button", name="العربية").click()

    expect(plain_page.locator("html")).to_have_attribute("dir", "rtl")
    expect(plain_page.locator("main h1")).to_have_text(FIRST["ar"])


# ── Leaving ───────────────────────────────────────────────────────────────


def by_button(page: Page) -> None:
    page.locator("header a[data-exit]").click()


def by_shift(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


WAYS = {"button": by_button, "shift": by_shift}
# The same, without waiting for the page that they lead to.
PRESSES = {"button": lambda page: page.evaluate("document.querySelector('header a[data-exit]').click()"), "shift": by_shift}


def step(page: Page, direction: str) -> None:
    """Press the browser's Back or Forward, whether it leads anywhere or not."""
    page.evaluate(f"setTimeout(() => history.{direction}())")
    page.wait_for_timeout(150)
    page.wait_for_load_state()


def shows_the_service(page: Page, house: RunningHouse) -> bool:
    return page.url.startswith(house.public_url) and page.locator("body").inner_text().strip() != ""


@pytest.mark.safety("C18")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["start", "what", "sent"])
def test_after_leaving_back_never_shows_the_service(page, running_house, way, place, proof):
    page.goto(running_house.exit_url + "before")
    places = walk(page, running_house)
    while next(places) != place:
        pass

    WAYS[way](page)

    page.wait_for_url(running_house.exit_url)
    for direction in ["back"] * 10 + ["forward"] * 10:
        step(page, direction)
        assert not shows_the_service(page, running_house), direction
    proof.measured(f"{way} at {place}: 10 Back and 10 Forward, 0 service pages")


@pytest.mark.safety("C18")
def test_back_into_the_service_leads_out_of_it_again(page, running_house, proof):
    """Someone who left by an address of their own has the service behind them; Back doesn't open it."""
    places = walk(page, running_house)
    while next(places) != "where":
        pass
    page.goto(running_house.exit_url + "elsewhere")

    step(page, "back")

    page.wait_for_url(running_house.exit_url)
    assert not shows_the_service(page, running_house)
    proof.measured("Back into it leads out of it")


@pytest.mark.safety("C18")
@pytest.mark.parametrize("way", PRESSES)
def test_the_page_is_blank_at_once_even_when_the_other_page_is_slow(page, running_house, way, proof):
    places = walk(page, running_house)
    while next(places) != "where":
        pass
    waiting, seen = [], []
    page.route(running_house.exit_url, lambda route: waiting.append(route))  # the other page doesn't come until we let it
    page.expose_function("tell", lambda *told: seen.append(told))
    page.evaluate(
        """() => {
            const root = document.documentElement;
            let pressed;
            for (const kind of ["click", "keydown"]) addEventListener(kind, () => { pressed = performance.now() }, true);
            new MutationObserver(() => tell(performance.now() - pressed, root.textContent)).observe(root, {childList: true});
        }"""
    )

    PRESSES[way](page)
    page.wait_for_timeout(500)

    ((milliseconds, text),) = seen
    assert (len(waiting), text) == (1, "")
    assert milliseconds < 100
    waiting[0].continue_()
    proof.measured(f"{way}: blank after {milliseconds:.0f} ms")


def test_three_presses_among_other_keys_are_typing(page, running_house):
    places = walk(page, running_house)
    while next(places) != "what":
        pass

    page.locator("textarea").press_sequentially("HEJ DU")
    for _ in range(2):
        page.keyboard.press("Shift")
    page.keyboard.type("a")
    page.keyboard.press("Shift")

    expect(page.locator("textarea")).to_have_value("HEJ DUa")


# ── Without a trace ───────────────────────────────────────────────────────


@pytest.mark.safety("C19")
def test_the_visit_has_no_cookie_no_storage_and_no_neighbours(page, running_house, proof):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    send(page, running_house)

    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, window.name]") == [0, 0, "", ""]
    assert {url for url in asked if not url.startswith(running_house.public_url)} == set()
    assert {url.split("?")[0] for url in asked if "/static/" not in url} == {running_house.public_url}
    proof.measured(f"{len(asked)} requests of the whole way: 0 elsewhere, 0 cookies, 0 storage")


def in_files(folder: Path, text: str) -> list[str]:
    """The files under `folder` that hold `text`, as UTF-8 or UTF-16."""
    spelled = (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path.relative_to(folder)) for path in files if any(sign in path.read_bytes() for sign in spelled)]


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path) -> Callable[..., BrowserContext]:
    """Open a browser that keeps its profile in `tmp_path`, as a person's own does."""

    def open_browser(**given) -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=found(), args=QUIET, locale="sv-SE", **given
        )

    return open_browser


@pytest.mark.safety("C17")
def test_the_browsers_folder_holds_nothing_that_was_typed(profile, tmp_path, running_house, proof):
    browser = profile()
    page = browser.pages[0]
    receipt = send(page, running_house, what=f"Det skriks. {CANARY}")
    open_mailbox(page, running_house, receipt)
    page.fill("textarea[name='text']", f"Mer: {CANARY}")
    press(page, "add")
    page.locator("input[name='receipt']").wait_for(state="attached")
    by_button(page)
    page.wait_for_url(running_house.exit_url)
    page.wait_for_timeout(1000)
    browser.close()

    assert in_files(tmp_path, CANARY) == []
    assert in_files(tmp_path, receipt) + in_files(tmp_path, receipt.replace(" ", "")) == []
    ((address, title),) = remembered(tmp_path, running_house)  # Chromium may give it the title of the page that took its place
    assert (address, title in (TITLE, "Vädret")) == (running_house.public_url, True)
    proof.measured("whole way and mailbox: 0 files with typed text or receipt, 1 neutral address")


@pytest.mark.safety("C17")
def test_the_browsers_folder_holds_nothing_when_the_window_is_closed_in_the_middle(profile, tmp_path, running_house, proof):
    browser = profile()
    places = walk(browser.pages[0], running_house)
    while next(places) != "you":
        pass
    browser.pages[0].wait_for_timeout(3000)  # the browser writes its session to disk now and then
    browser.close()

    assert in_files(tmp_path, CANARY) == []
    proof.measured("closed in the middle: 0 files with typed text")


@pytest.mark.safety("C17")
def test_the_search_finds_what_a_plain_form_leaves(profile, tmp_path, running_house, proof):
    """What the plain form warns for is true, and the two tests above can fail."""
    browser = profile(java_script_enabled=False)
    page = browser.pages[0]
    page.goto(running_house.public_url)
    page.fill("textarea[name='what']", CANARY)
    page.locator("#step button[value='send']").click()
    page.locator(".govuk-error-summary").wait_for()
    page.wait_for_timeout(3000)
    browser.close()

    assert in_files(tmp_path, CANARY) != []
    proof.measured("control: a plain form leaves text, and the search finds it")


def test_nothing_that_was_said_and_nobody_who_said_it_lies_in_clear_on_the_server(browser, running_house):
    """Every file of the house: the database with its log of changes, and what the processes wrote."""
    context = browser.new_context(
        locale="sv-SE",
        user_agent="Agent-kanarie-7381",
        extra_http_headers={"X-Forwarded-For": "203.0.113.73", "X-Real-IP": "203.0.113.73"},
    )
    receipt = send(context.new_page(), running_house)
    open_mailbox(context.pages[0], running_house, receipt)
    expect(context.pages[0].locator(".concern-letter")).to_contain_text(CANARY)
    context.close()

    for secret in (CANARY, base64.b64encode(CANARY.encode()).decode()[:-4], receipt, "Agent-kanarie-7381", "203.0.113.73"):
        assert in_files(running_house.data.parent, secret) == [], secret
    assert in_files(running_house.data.parent, "intake_concern") != []  # the search reads the database's own files


def remembered(folder: Path, house: RunningHouse) -> set[tuple[str, str]]:
    """Address and title of every visit to the service in the browser's history."""
    (file,) = folder.rglob("History")
    with sqlite3.connect(file) as history:
        rows = history.execute("SELECT url, title FROM urls").fetchall()
    return {(url, title) for url, title in rows if url.startswith(house.public_url)}


def test_no_page_is_kept_in_the_cache(profile, tmp_path, running_house):
    browser = profile()
    send(browser.pages[0], running_house)
    browser.close()

    assert in_files(tmp_path, 'concern-receipt__digits"') == []
    assert not re.search(rb"Bj\xc3\xb6rkv", b"".join(p.read_bytes() for p in tmp_path.rglob("Cache_Data/*") if p.is_file()))
