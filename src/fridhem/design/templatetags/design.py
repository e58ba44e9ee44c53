"""The components as template tags. README.md beside this folder shows each of them in use.

What stands between two tags is the component's content; every other word is an argument. Underscores in extra arguments
become hyphens (`hx_get=url` is written `hx-get="…"`), so that htmx can be asked for anywhere.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.utils import flatatt
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

TONES = ("neutral", "attention", "danger", "done", "info")


def _attributes(extra: Mapping[str, Any]) -> SafeString:
    return flatatt({name.replace("_", "-"): value for name, value in extra.items() if value not in (None, "")})


def _box(name: str, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"design/components/{name}.html", context).strip())  # noqa: S308  a template


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"There is no tone {tone!r}: choose one of {', '.join(TONES)}.")
    return tone


# ── Small things in a line ────────────────────────────────────────────────


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline drawing. It decorates and is silent to a screen reader, unless it has a label because it stands alone."""
    svg = get_template(f"design/icons/{name}.svg").render()
    if label:
        svg = svg.replace('aria-hidden="true"', format_html('role="img" aria-label="{}"', label))
    return mark_safe(svg.strip())  # noqa: S308  our own file, and the label is escaped


@register.inclusion_tag("design/components/tag.html")
def tag(text: str, tone: str = "neutral") -> dict[str, Any]:
    """A status in one or two words."""
    return {"text": text, "tone": _tone(tone)}


@register.inclusion_tag("design/components/deadline.html")
def deadline(due: dt.date | dt.datetime | None, now: dt.datetime | None = None, done: bool = False) -> dict[str, Any]:
    """How long is left, in words and tone: late, today, soon (three days), later. `now` is for tests."""
    if due is None:
        return {"due": None}
    now = timezone.localtime(now)
    day = timezone.localtime(due).date() if isinstance(due, dt.datetime) else due
    days = (day - now.date()).days
    late = days < 0 or (isinstance(due, dt.datetime) and due < now)
    tone = "done" if done else "danger" if late else "attention" if days == 0 else "soon" if days <= 3 else "neutral"
    return {"due": due, "day": day, "tone": tone, "text": "" if done else _days_left(days, late)}


def _days_left(days: int, late: bool) -> str:
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    if days == 0:
        return _("late today") if late else _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


@register.simple_block_tag(end_name="enddefinition")
def definition(content: str, term: str) -> str:
    """A word with its explanation, which opens on a press and needs no script. Once a page and word."""
    return _box("definition", term=term, id=f"word-{slugify(term)}", content=content)


# ── Actions ───────────────────────────────────────────────────────────────


@register.inclusion_tag("design/components/button.html")
def button(
    text: str, href: str = "", kind: str = "", size: str = "", icon: str = "", type: str = "submit", **extra: Any
) -> dict[str, Any]:
    """A button, or a link dressed as one when it has `href`.

    `kind`: empty for the page's one main action, `secondary`, `quiet` or `danger`. `size`: empty, `large` or `small`.
    """
    classes = " ".join(["fh-button", *(f"fh-button--{word}" for word in (kind, size) if word), extra.pop("class", "")])
    return {"text": text, "href": href, "icon": icon, "type": type, "classes": classes.strip(), "extra": _attributes(extra)}


# ── Boxes ─────────────────────────────────────────────────────────────────


@register.simple_block_tag(end_name="endcard")
def card(content: str, heading: str = "", href: str = "", icon: str = "", level: int = 2, tone: str = "", **extra: Any) -> str:
    """A sheet on the ground. With `href` the heading is a link and the whole sheet can be pressed."""
    return _box("card", content=content, heading=heading, href=href, icon=icon, level=level, tone=tone, extra=_attributes(extra))


@register.simple_block_tag(end_name="endinset")
def inset(content: str, tone: str = "neutral") -> str:
    """A paragraph set apart."""
    return _box("inset", content=content, tone=_tone(tone))


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, tone: str, heading: str) -> str:
    """What the page wants said first: why it waits, what is new, what was refused."""
    icon = {"attention": "clock", "danger": "danger", "done": "check"}.get(_tone(tone), "info")
    return _box("notice", content=content, tone=tone, heading=heading, icon=icon)


@register.simple_block_tag(end_name="endhero")
def hero(content: str, heading: str) -> str:
    """The opening of a public first page, in its block `hero`; holds the page's h1."""
    return _box("hero", content=content, heading=heading)


@register.simple_block_tag(end_name="endwarning")
def warning(content: str) -> str:
    """What must not be missed: once a page at most."""
    return _box("warning", content=content)


@register.simple_block_tag(end_name="enddetails")
def details(content: str, summary: str, open: bool = False) -> str:
    """What a few need, folded."""
    return _box("details", content=content, summary=summary, open=open)


@register.simple_block_tag(end_name="endnothing")
def nothing(content: str, heading: str, icon: str = "check") -> str:
    """A list with nothing in it: say that it's fine, or what to do first."""
    return _box("nothing", content=content, heading=heading, icon=icon)


@register.inclusion_tag("design/components/breadcrumbs.html")
def breadcrumbs(*words: str) -> dict[str, Any]:
    """The way here: label and address in turn, the page itself last and without an address."""
    return {"crumbs": list(zip(words[::2], [*words[1::2], ""], strict=False))}


# ── Facts in order ────────────────────────────────────────────────────────


@register.simple_block_tag(end_name="endsummary_list")
def summary_list(content: str) -> str:
    """Pairs of word and value; holds `summary_row`."""
    return format_html('<dl class="fh-summary">{}</dl>', content)


@register.simple_block_tag(end_name="endsummary_row")
def summary_row(content: str, key: str, href: str = "", action: str = "") -> str:
    """One pair. `href` adds a link to change it."""
    return _box("summary_row", content=content, key=key, href=href, action=action or _("Change"))


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: str, hide_caption: bool = False, **extra: Any) -> str:
    """A table that scrolls sideways by itself on a narrow screen. `<td class="fh-num">` for figures."""
    return _box("table", content=content, caption=caption, hide_caption=hide_caption, extra=_attributes(extra))


@register.simple_block_tag(end_name="endfigure")
def figure(content: str, caption: str) -> str:
    """A drawing (a process, a chart, a map) under its caption; a wide one scrolls in its frame instead of shrinking."""
    return _box("figure", content=content, caption=caption)


@register.inclusion_tag("design/components/key_figure.html")
def key_figure(value: str | int, text: str, href: str = "", note: str = "") -> dict[str, Any]:
    """A number that says something by itself; several lie beside each other in `fh-grid`."""
    return {"value": value, "text": text, "href": href, "note": note}


@register.inclusion_tag("design/components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, text: str, key: str, numeric: bool = False, param: str = "sort") -> dict[str, Any]:
    """A column's head that sorts: `?sort=key`, then `?sort=-key`. The view decides what the keys mean."""
    query = context["request"].GET.copy()
    now = query.get(param, "")
    query[param] = f"-{key}" if now == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"text": text, "url": f"?{query.urlencode()}", "order": order, "numeric": numeric}


@register.inclusion_tag("design/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, param: str = "page") -> dict[str, Any]:
    """Links between the pages of a Django `Page`; the rest of the address is kept."""

    def url(number: int | str) -> str:
        query = context["request"].GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    numbers = [
        {"number": n, "url": url(n) if n != page.paginator.ELLIPSIS else "", "active": n == page.number}
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers if page.paginator.num_pages > 1 else [],
        "previous": url(page.previous_page_number()) if page.has_previous() else "",
        "next": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("design/components/segment.html")
def segment(items: Iterable[Any], label: str) -> dict[str, Any]:
    """Views of the same thing beside each other: items with `.label .url .active` and perhaps `.count`."""
    return {"items": items, "label": label}


@register.simple_block_tag(end_name="endtimeline")
def timeline(content: str) -> str:
    """What happened, latest first or last as the page wants; holds `event`."""
    return format_html('<ol class="fh-timeline">{}</ol>', content)


@register.simple_block_tag(end_name="endevent")
def event(content: str, heading: str, at: dt.datetime | dt.date | None = None, by: str = "", tone: str = "neutral") -> str:
    """One thing that happened."""
    return _box("event", content=content, heading=heading, at=at, timed=isinstance(at, dt.datetime), by=by, tone=_tone(tone))


@register.simple_block_tag(end_name="endtask_list")
def task_list(content: str) -> str:
    """What is to be done, with its state; holds `task`."""
    return format_html('<ul class="fh-tasks">{}</ul>', content)


@register.inclusion_tag("design/components/task.html")
def task(text: str, href: str = "", status: str = "", tone: str = "neutral", hint: str = "") -> dict[str, Any]:
    """One thing to do."""
    return {"text": text, "href": href, "status": status, "tone": _tone(tone), "hint": hint}


@register.inclusion_tag("design/components/progress.html")
def progress(value: int, maximum: int, label: str) -> dict[str, Any]:
    """How far something has come, as a bar and in figures."""
    return {"value": value, "maximum": maximum, "label": label}


# ── Forms ─────────────────────────────────────────────────────────────────


@register.inclusion_tag("design/forms/error_summary.html")
def error_summary(*forms: BaseForm, non_form_errors: Iterable[str] = ()) -> dict[str, Any]:
    """All errors of all forms on the page, for a page that places its fields by `fields` instead of `{{ form }}`."""
    return {"forms": forms, "non_form_errors": non_form_errors}


@register.inclusion_tag("design/forms/fields.html")
def fields(form: BaseForm, *names: str, legend: str = "") -> dict[str, Any]:
    """The named fields of a form (all without names, and then the hidden ones too), grouped under a legend if there is one."""
    visible = [form[name] for name in names] or form.visible_fields()
    return {"visible": visible, "hidden": [] if names else form.hidden_fields(), "legend": legend}


@register.simple_tag
def any_errors(forms: Iterable[BaseForm], non_form_errors: Iterable[str] = ()) -> bool:
    """Whether the error summary has anything to say."""
    return bool(non_form_errors) or any(form.errors for form in forms)


@register.simple_tag
def character_count_texts() -> SafeString:
    """What govuk-frontend's character count says, in the page's language."""
    left, over = _("Characters left: %{count}"), _("Characters too many: %{count}")
    texts = {"data-i18n.characters-at-limit": _("No characters left")}
    for form in ("zero", "one", "two", "few", "many", "other"):  # the words are chosen to need no plural
        texts |= {f"data-i18n.characters-under-limit.{form}": left, f"data-i18n.characters-over-limit.{form}": over}
    return flatatt(texts)


@register.filter
def as_list(value: Any) -> list[Any]:
    """One thing as a list of one, for a template that takes several."""
    return [value]
