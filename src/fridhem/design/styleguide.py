"""The living style guide: every example of README.md, rendered beside its source."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.utils import timezone
from django.utils.safestring import SafeString

from fridhem.design.forms import Checkboxes, Radios

README = Path(__file__).parent / "README.md"


@dataclass(frozen=True)
class Example:
    """One component: its name, what it is for, how it is written."""

    name: str
    about: str
    source: str

    def rendered(self, request: HttpRequest) -> SafeString:
        """The example as HTML."""
        template = Template("{% load design i18n static %}" + self.source)
        return template.render(RequestContext(request, _things()))


class Sample(forms.Form):
    """One field of every sort."""

    place = forms.CharField(label="Where does it happen?", help_text="Street and number, as well as you know.")
    told = forms.CharField(label="What have you seen or heard?", widget=forms.Textarea(attrs={"rows": 4}), max_length=500)
    urgency = forms.ChoiceField(
        label="How urgent is it?",
        choices=[("now", "It happens now"), ("often", "It happens often"), ("once", "It has happened")],
        widget=Radios(hints={"now": "Call 112 first if someone is in danger."}),
    )
    children = forms.ChoiceField(label="Are there children?", choices=[("y", "Yes"), ("n", "No")], widget=Radios(inline=True))
    signs = forms.MultipleChoiceField(
        label="What fits?", choices=[("cry", "Crying"), ("break", "Things that break")], widget=Checkboxes, required=False
    )
    seen_date = forms.DateField(label="Which day?", required=False)
    role = forms.ChoiceField(label="Who are you?", choices=[("", "Choose"), ("neighbour", "A neighbour")])
    picture = forms.FileField(label="A picture", required=False)
    understood = forms.BooleanField(label="I understand that what I write is kept")


class Filters(forms.Form):
    """What steers a list."""

    q = forms.CharField(label="Search", widget=forms.TextInput(attrs={"type": "search", "class": "govuk-input--width-20"}))
    unit = forms.ChoiceField(label="Unit", choices=[("", "All"), ("reception", "Reception")])


def examples() -> list[Example]:
    """Every component of README.md that shows how it is written."""
    components = README.read_text(encoding="utf-8").split("\n## Components\n")[1]
    found = []
    for section in components.split("\n### ")[1:]:
        name, _, body = section.partition("\n")
        about, _, rest = body.partition("```django\n")
        if rest:
            found.append(Example(name.strip(), _as_line(about), rest.partition("\n```")[0]))
    return found


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page for staff."""
    shown = [(example, example.rendered(request)) for example in examples()]
    return render(request, "design/styleguide.html", {"examples": shown, "palette": palette()})


def palette() -> dict[str, str]:
    """The colours of the built stylesheet by name."""
    css = (Path(__file__).parent / "static" / "design" / "fridhem.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--fh-([a-z-]+):\s*(#[0-9a-f]{3,8})\b", css))


def _as_line(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split())


def _things() -> dict[str, object]:
    now = timezone.localtime()
    today = now.date()
    return {
        "now": now,
        "today": today,
        "yesterday": today - dt.timedelta(days=1),
        "soon": today + dt.timedelta(days=2),
        "later": today + dt.timedelta(days=12),
        "page": Paginator(range(143), 20).get_page(3),
        "views": [
            SimpleNamespace(label="To assess", url="#", active=True, count=7),
            SimpleNamespace(label="Closed", url="#", active=False, count=None),
        ],
        "languages": [("sv", "Svenska", "#"), ("en", "English", "#"), ("ar", "العربية", "#")],
        "filters": Filters(use_required_attribute=False),
        "form": Sample({"place": "Björkvägen 12"}),
    }
