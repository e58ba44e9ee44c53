"""A board secretary hands over documents, and a matter comes out that a councillor can follow to the words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import files

REMISS = """Ängsbro kommun
Kommunstyrelsen

Remiss
Datum 2025-02-03
Dnr KS 2025/8801

Remiss av motion om trygg hemgång

Kommunstyrelsen har beslutat att inhämta yttrande. Svar senast den 30 april 2025."""

YTTRANDE = """Ängsbro kommun
Socialnämnden

Yttrande
Datum 2025-04-15
Dnr SN 2025/8802
Er beteckning KS 2025/8801

Yttrande över motion om trygg hemgång

Förslag till beslut
Socialnämnden avstyrker motionen.

Sammanfattning
Nämnden delar bilden att vägen hem kan kännas otrygg, men arbetet pågår redan."""


def test_documents_become_a_matter(page: Page, running_house, step_in, axe, picture, tmp_path):
    paths = [tmp_path / "remiss.pdf", tmp_path / "yttrande.txt", tmp_path / "tom.docx"]
    for path, data in zip(paths, (files.pdf(REMISS), YTTRANDE.encode(), b""), strict=True):
        path.write_bytes(data)
    step_in(page, "nils")

    page.goto(running_house.staff_url + "intern/namnd/ta-in/")
    assert axe(page) == []
    page.get_by_label("Handlingar").set_input_files(paths)
    page.get_by_role("button", name="Läs in").click()

    # The worker reads while the page follows along by itself.
    expect(page.get_by_text("Allt har lästs.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row", name=re.compile(r"tom\.docx"))).to_contain_text("Filen är tom.")
    assert axe(page) == []
    picture(page, "council-taken-in")

    page.get_by_role("row", name=re.compile(r"yttrande\.txt")).get_by_role(
        "link", name="Remiss av motion om trygg hemgång"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remiss av motion om trygg hemgång")
    expect(page.get_by_text("KS 2025/8801")).to_be_visible()
    expect(page.get_by_text("Socialnämnden avstyrker motionen.").first).to_be_visible()
    assert axe(page) == []
    picture(page, "council-matter")

    page.get_by_role("link", name="Yttrande över motion om trygg hemgång").click()
    expect(page.locator("mark", has_text="Socialnämnden avstyrker motionen.")).to_be_visible()
    page.get_by_role("link", name="Visa Beslut").click()
    assert re.search(r"#f\d+$", page.url)
    assert axe(page) == []
    picture(page, "council-document")


@pytest.mark.parametrize("size", [(1280, 900), (320, 700)])
def test_the_lists_can_be_searched_and_read_on_any_screen(page: Page, running_house, step_in, axe, picture, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    step_in(page, "alma")

    page.goto(running_house.staff_url + "intern/namnd/?q=finns-inte-alls")
    expect(page.get_by_text("Inga ärenden här")).to_be_visible()
    page.goto(running_house.staff_url + "intern/namnd/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    expect(page.get_by_role("link", name="Läs in handlingar")).to_have_count(0)
    picture(page, f"council-matters-{size[0]}")
    page.get_by_role("link", name="Handlingar").click()
    assert axe(page) == []


def test_a_delivery_is_followed_without_javascript(browser, running_house, step_in, tmp_path):
    path = tmp_path / "utan-skript.txt"
    path.write_text(YTTRANDE.replace("8802", "8803"), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    page = context.new_page()
    step_in(page, "nils")

    page.goto(running_house.staff_url + "intern/namnd/ta-in/")
    page.get_by_label("Handlingar").set_input_files(path)
    page.get_by_role("button", name="Läs in").click()
    expect(page.get_by_role("row", name=re.compile(r"utan-skript\.txt"))).to_be_visible()
    for _ in range(30):
        if page.get_by_text("Allt har lästs.").count():
            break
        page.wait_for_timeout(1000)
        page.reload()

    expect(page.get_by_role("row", name=re.compile(r"utan-skript\.txt"))).to_contain_text("Yttrande")
    context.close()


def test_too_much_at_a_time_is_said_at_the_field(page: Page, running_house, step_in, axe, picture, tmp_path):
    paths = [tmp_path / "stor.txt", tmp_path / "storre.txt"]
    for path in paths:
        path.write_bytes(b"a" * (14 * 1024 * 1024))
    step_in(page, "nils")

    page.goto(running_house.staff_url + "intern/namnd/ta-in/")
    expect(page.get_by_text("25 MB åt gången")).to_be_visible()
    page.get_by_label("Handlingar").set_input_files(paths)
    page.get_by_role("button", name="Läs in").click()

    expect(page.locator(".govuk-error-summary")).to_contain_text("Filerna är 28 MB tillsammans")
    assert axe(page) == []
    picture(page, "council-too-much")
