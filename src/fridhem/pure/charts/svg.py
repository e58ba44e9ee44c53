"""Draw a chart: a picture that needs nothing from outside and speaks the reader's language."""

import hashlib
import re
from typing import Any
from xml.sax.saxutils import escape

import vl_convert

from fridhem.pure.charts.words import SEPARATORS

OPENING = re.compile(r"<svg[^>]*>")
ARIA = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
OUTSIDE = re.compile(r'(?:href|src)\s*=|url\(\s*["\']?(?!#)|<script|<style|@import|<foreignObject', re.IGNORECASE)
DECIMALS = {"sv": ",", "en": "."}


def draw(spec: dict[str, Any], *, title: str, language: str = "sv") -> str:
    """The SVG of a specification from `bars`, to be placed in a page.

    Its title is `title`, its description the specification's; both are tied to the picture for screen readers, and what
    Vega says in English is taken away. Raises ValueError if the picture refers to anything outside itself.
    """
    numbers = {
        "decimal": DECIMALS[language],
        "thousands": SEPARATORS[language],
        "grouping": [3],
        "currency": ["", ""],
    }
    drawn = vl_convert.vegalite_to_svg(spec, format_locale=numbers, allowed_base_urls=[])
    body = ARIA.sub("", drawn[drawn.index(">", drawn.index("<svg")) + 1 :])
    outside = OUTSIDE.search(body)
    if outside:
        raise ValueError(f"The chart refers to something outside itself: {outside.group()!r}.")
    return _opening(drawn, spec["description"], title, language) + body


def _opening(drawn: str, description: str, title: str, language: str) -> str:
    found = OPENING.search(drawn)
    assert found, "vl-convert answers with an svg element"
    width, height = (float(re.search(rf'\b{side}="([\d.]+)"', found.group())[1]) for side in ("width", "height"))  # type: ignore[index]
    name = "chart-" + hashlib.sha256(f"{title}{description}".encode()).hexdigest()[:8]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fh-chart" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" lang="{language}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
