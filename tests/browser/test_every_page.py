"""Every page of the staff face that can be opened is found by following links, and is right for everyone."""

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page

from tests.running import RunningHouse

URLS = "fridhem.site.urls.staff"
PEOPLE = ("mona", "viola", "kerstin", "petra", "disa", "sofia", "nils", "arvid")
# What isn't a page: it answers a POST alone, is a file, or lives for a moment and is tried in a test of its own.
NO_PAGE = {"sign-out", "step-in", "language", "sign-in", "alive", "statistics:file", "statistics:sign", "oversight:export"}
NO_PAGE |= {"intake:assess", "intake:answer", "intake:received", "intake:close-alike", "casework:take-out"}
NO_PAGE |= {"casework:approve-emergency", "casework:open-alone", "casework:close-emergency", "casework:lift-recusal"}
NO_PAGE |= {"casework:end-absence", "casework:end-delegation", "casework:sign-note", "casework:sign-section", "support:undo"}
NO_PAGE |= {"processes:file", "processes:table-file", "assessments:file", "importing:schema", "importing:faults"}
# Nobody in the demonstration has uploaded one: tried in tests/rooms/importing.
NO_PAGE |= {"importing:extract", "importing:columns", "importing:codes", "importing:throw-away"}
NO_PAGE |= {"retention:assess", "retention:resume", "retention:proof-file"}
# Ways in and what they ask once more; the journeys in test_signing_in.py look at each.
NO_PAGE |= {"account_login", "mfa_login_webauthn", "mfa_authenticate", "one-time-code", "account_inactive", "mfa_index"}
NO_PAGE |= {"socialaccount_login_cancelled", "openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs"}
NO_PAGE |= {"saml_finish_acs", "saml_metadata", "saml_sls", "end-session", "open-protected", "open-account"}
NO_PAGE |= {"mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_deactivate_totp", "mfa_view_recovery_codes"}
NO_PAGE |= {"mfa_generate_recovery_codes", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# What one comes to by asking for it: the journey in test_way_in_an_emergency.py looks at each.
NO_PAGE |= {"casework:known", "casework:break-glass", "casework:emergency"}
NO_PAGE |= {"disclosures:allow", "disclosures:leave", "disclosures:fetch", "disclosures:fetch-text", "disclosures:ledger-file"}
# What the demonstration has none of: tried in tests/rooms alone.
NO_PAGE |= {
    "disclosures:disclosure",
    "disclosures:export",
    "casework:identify",
    "casework:answer-extension",
    "casework:resume",
    "casework:unlink",
}
NO_PAGE |= {"conformance:measurement", "assessments:publish", "assessments:send-back"}
NO_PAGE |= {"reviews:finish-measure", "reviews:file"}
# Kinds of which one page doesn't show every link: so many are opened, and the first is looked at.
MANY = {
    "casework:case": 40,
    "casework:document": 2,
    "processes:version": 9,
    "processes:table-version": 4,
    "person": 2,
    "casework:read-note": 20,
    "support:offer": 6,
    "reviews:review": 3,
}
MOMENTARY = {"statistics:progress", "statistics:preview", "council:delivery"}


def names(resolver: URLResolver, space: str = "") -> set[str]:
    """The names of all addresses under a resolver, with their namespace."""
    found = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add(space + entry.name)
    return found


def name_of(url: str) -> str:
    """Which of the house's pages an address is."""
    return resolve(urlsplit(url).path, URLS).view_name


def links(page: Page, house: RunningHouse) -> list[str]:
    """The addresses on this face that the page links to."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    return [url.split("#")[0] for url in found if url.startswith(house.staff_url)]


def crawl(page: Page, house: RunningHouse, look: Callable[[Page, str], None]) -> set[str]:
    """Follow links from the first page, to each kind of page once; the kinds that were seen."""
    seen: Counter[str] = Counter()
    opened: set[str] = set()
    waiting = [house.staff_url, f"{house.staff_url}intern/design/"]
    while waiting:
        url = waiting.pop(0)
        name = name_of(url)
        if url in opened or name in NO_PAGE or seen[name] >= MANY.get(name, 1):
            continue
        opened.add(url)
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        if not seen[name]:
            look(page, name)
        seen[name] += 1
        waiting += links(page, house)
    return set(seen)


@pytest.mark.safety("C40")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_found_and_right_for_everyone(browser: Browser, running_house, step_in, axe, language: str, proof):
    wrong: list[object] = []
    seen: set[str] = set()
    looked_at: set[str] = set()
    for username in PEOPLE:
        window = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
        page = window.new_page()
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        step_in(page, username)
        page.locator(f"button[name='language'][value='{language}']").click()

        def look(page: Page, name: str) -> None:
            if language == "en" and name in looked_at:
                return  # the same parts in another's page; in Swedish everyone's is looked at
            looked_at.add(name)
            broken = axe(page)
            page.set_viewport_size({"width": 390, "height": 844})
            if broken or page.evaluate("document.documentElement.scrollWidth") > 390:
                wrong.append((name, broken))
            page.set_viewport_size({"width": 1280, "height": 900})
            assert re.search(r"\w", page.locator("h1").first.inner_text())

        seen |= crawl(page, running_house, look)
        window.close()

    assert wrong == []
    missed = names(get_resolver(URLS)) - seen - NO_PAGE - MOMENTARY
    assert missed == set()
    proof.measured(f"{len(seen)} kinds of staff pages as {len(PEOPLE)} people in {language}: 0 violations, also of the CSP")
