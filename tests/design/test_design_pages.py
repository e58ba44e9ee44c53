"""The frames of pages, and one address that answers with a page or a part."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from lxml import html

from fridhem.design import htmx

SOURCE = Path(htmx.__file__).parent.parent
DESIGN = Path(htmx.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
PUBLIC = [
    DESIGN / "templates" / "design" / name
    for name in ("base.html", "public.html", "components/exit.html", "components/languages.html", "components/warning.html")
] + sorted((DESIGN / "templates" / "design" / "forms").glob("*.html"))


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def named(name: str) -> str:
    return str(Path(name).relative_to(SOURCE))


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Request-Type": "partial"}, True),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_htmx_gets_the_part_and_everyone_else_the_page(headers, part):
    assert htmx.wants_part(asked(**headers)) is part


def test_a_request_on_the_public_face_is_always_for_a_page():
    assert htmx.wants_part(RequestFactory().get("/", headers={"HX-Request": "true"})) is False


def test_page_and_part_are_told_apart_by_caches():
    response = htmx.page_or_part(
        asked(**{"HX-Request": "true"}), "design/components/mark.html", part="design/components/tag.html", status=422
    )

    assert response.status_code == 422
    assert "fh-tag" in response.content.decode()
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(("language", "direction"), [("sv", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_a_page_says_its_language_and_direction(language, direction):
    with translation.override(language):
        page = html.fromstring(render_to_string("design/public.html", {"LANGUAGE_CODE": language}))

    assert (page.get("lang"), page.get("dir")) == (language, direction)


@pytest.mark.parametrize("frame", ["design/base.html", "design/public.html", "design/staff.html"])
def test_the_first_link_of_a_page_skips_to_its_content(frame):
    page = html.fromstring(render_to_string(frame, {}))

    first = page.xpath("//body//a")[0]

    assert first.get("href") == "#main"
    assert len(page.xpath("//main[@id='main']")) == 1


def test_the_title_tells_an_error_first():
    class Broken:
        errors = {"place": ["x"]}

    with translation.override("sv"):
        page = html.fromstring(render_to_string("design/public.html", {"form": Broken(), "municipality": "Fridköping"}))

    assert page.findtext(".//title") == "Fel: Fridhem – Fridköping"


def test_the_menu_marks_where_you_are_and_counts_what_waits():
    class Door:
        def __init__(self, label, active, count=0):
            self.label, self.url, self.active, self.count = label, "/x/", active, count

    page = html.fromstring(render_to_string("design/staff.html", {"navigation": [Door("Inbox", True, 7), Door("Cases", False)]}))
    links = page.xpath("//nav//a")

    assert [(" ".join(a.text_content().split()), a.get("aria-current")) for a in links] == [("Inbox 7", "page"), ("Cases", None)]


def test_nothing_on_a_public_page_comes_from_another_host_and_no_htmx():
    page = render_to_string("design/public.html", {})

    assert re.findall(r"(?:src|href)=\"((?:https?:)?//[^\"]*)", page) == []
    assert "htmx" not in page


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_inline_style_or_script(path):
    source = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)

    assert re.findall(r"<style\b|\bstyle\s*=|<script(?![^>]*\bsrc=)|\bon[a-z]+\s*=\s*[\"']|\bhx-on|javascript:", source) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_template_can_be_read(path):
    engines["django"].engine.get_template(str(path).partition("/templates/")[2])


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_asks_for_left_or_right(path):
    classes = " ".join(re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8")))

    assert re.findall(r"\S*-(?:left|right)\b", classes) == []


def test_every_text_of_a_public_page_has_arabic():
    with (DESIGN / "locale" / "ar" / "LC_MESSAGES" / "django.po").open("rb") as source:
        arabic = {message.id for message in read_po(source) if message.id and message.string}
    said = {
        text for path in PUBLIC for text in re.findall(r"\{% translate ['\"](.+?)['\"] %\}", path.read_text(encoding="utf-8"))
    }

    assert said
    assert said - arabic == set()
