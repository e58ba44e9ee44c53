"""The components show what they are given, say it in words, and are all written about in the README."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from lxml import html

from fridhem.design.styleguide import README, examples
from fridhem.design.templatetags.design import register

STOCKHOLM = timezone.get_default_timezone()
NOW = dt.datetime(2026, 3, 10, 14, 0, tzinfo=STOCKHOLM)


def show(source: str, path: str = "/", **context: object) -> str:
    template = Template("{% load design %}" + source)
    return template.render(Context({"request": RequestFactory().get(path), **context}))


def text(source: str, **context: object) -> str:
    return " ".join(html.fromstring(f"<div>{show(source, **context)}</div>").text_content().split())


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_of_the_readme_renders(example):
    shown = html.fromstring(f"<div>{example.rendered(RequestFactory().get('/'))}</div>")

    assert shown.text_content().strip() or shown.xpath(".//svg")
    assert "&lt;" not in html.tostring(shown, encoding="unicode")


def test_every_tag_is_written_about():
    inner = {"any_errors", "character_count_texts"}  # what the form templates need
    readme = README.read_text(encoding="utf-8")

    unmentioned = {name for name in register.tags if not re.search(rf"\b{name}\b", readme)}

    assert unmentioned - inner == set()


@pytest.mark.parametrize(
    ("due", "said", "tone"),
    [
        (dt.date(2026, 3, 7), "3 dagar sen", "danger"),
        (dt.date(2026, 3, 9), "1 dag sen", "danger"),
        (dt.date(2026, 3, 10), "i dag", "attention"),
        (dt.date(2026, 3, 11), "i morgon", "soon"),
        (dt.date(2026, 3, 13), "3 dagar kvar", "soon"),
        (dt.date(2026, 3, 14), "4 dagar kvar", "neutral"),
        (dt.datetime(2026, 3, 10, 13, 59, tzinfo=STOCKHOLM), "sen sedan i dag", "danger"),
        (dt.datetime(2026, 3, 10, 14, 1, tzinfo=STOCKHOLM), "i dag", "attention"),
        (dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC), "i morgon", "soon"),  # after midnight in Sweden
    ],
)
def test_a_deadline_says_how_long_is_left(due, said, tone):
    with translation.override("sv"):
        shown = html.fromstring(show("{% deadline due now=now %}", due=due, now=NOW))

    assert shown.xpath("string(.//*[@class='fh-deadline__left'])") == said
    assert f"fh-deadline--{tone}" in shown.get("class")


def test_a_deadline_that_no_longer_matters_doesnt_worry_anyone():
    shown = html.fromstring(show("{% deadline due now=now done=True %}", due=dt.date(2026, 3, 1), now=NOW))

    assert "fh-deadline--done" in shown.get("class")
    assert shown.xpath(".//*[@class='fh-deadline__left']") == []


def test_no_deadline_shows_nothing():
    assert show("{% deadline None %}").strip() == ""


def test_an_unknown_tone_is_a_mistake_that_is_told():
    with pytest.raises(ValueError, match="There is no tone 'pink'"):
        show('{% tag "New" "pink" %}')


def test_a_button_with_an_address_is_a_link_and_htmx_attributes_get_their_hyphens():
    link = html.fromstring(show('{% button "Open" href="/x/" kind="secondary" hx_get="/y/" hx_target="#z" %}'))

    assert dict(link.attrib) == {
        "class": "fh-button fh-button--secondary", "href": "/x/", "hx-get": "/y/", "hx-target": "#z",
    }  # fmt: skip
    assert link.tag == "a"


def test_a_button_without_an_address_sends_its_form_once():
    button = html.fromstring(show('{% button "Send" name="step" value="2" %}'))

    assert (button.tag, button.get("type"), button.get("data-prevent-double-click")) == ("button", "submit", "true")
    assert (button.get("name"), button.get("value")) == ("step", "2")


def test_an_icon_is_silent_unless_it_has_a_label_and_the_label_is_text():
    silent = html.fromstring(show('{% icon "inbox" %}'))
    speaking = html.fromstring(show('{% icon "inbox" label %}', label='"><b>x'))

    assert silent.get("aria-hidden") == "true"
    assert (speaking.get("role"), speaking.get("aria-label")) == ("img", '"><b>x')


@pytest.mark.parametrize(
    ("path", "leads_to", "order"),
    [
        ("/?q=a&page=3", "?q=a&sort=due", None),
        ("/?sort=due", "?sort=-due", "ascending"),
        ("/?sort=-due", "?sort=due", "descending"),
    ],
)
def test_a_sorting_head_keeps_the_filter_and_turns_the_order(path, leads_to, order):
    shown = show('{% sort_header "Due" "due" %}', path)
    head = html.fromstring(f"<table><tr>{shown}</tr></table>").find(".//th")

    assert (head.find("a").get("href"), head.get("aria-sort")) == (leads_to, order)


def test_pagination_keeps_the_rest_of_the_address():
    page = Paginator(range(95), 10).get_page(4)

    shown = html.fromstring(show("{% pagination page %}", "/?q=å&page=4", page=page))

    assert [a.get("href") for a in shown.iter("a")] == [f"?q=%C3%A5&page={number}" for number in (3, 1, 2, 3, 5, 10, 5)]
    assert shown.xpath("string(.//*[@aria-current])") == "4"


def test_one_page_needs_no_pagination():
    assert show("{% pagination page %}", page=Paginator(range(5), 10).get_page(1)).strip() == ""


def test_what_is_said_of_an_empty_list_can_stand_inside_a_loop():
    source = "{% for x in xs %}{% nothing x %}<p>Go on.</p>{% endnothing %}{% empty %}none{% endfor %}"

    assert text(source, xs=["Calm."]) == "Calm.Go on."
    assert text(source, xs=[]) == "none"


def test_a_components_text_is_escaped_and_its_content_is_kept():
    shown = show("{% card heading %}<p>{{ body }}</p>{% endcard %}", heading="<i>", body="<b>")

    assert "&lt;i&gt;" in shown
    assert "<p>&lt;b&gt;</p>" in shown


def test_a_count_of_zero_waits_for_nobody_but_is_shown_among_views():
    views = [SimpleNamespace(label="Mine", url="/", active=True, count=0)]

    assert text('{% segment views "View" %}', views=views) == "Mine 0"
