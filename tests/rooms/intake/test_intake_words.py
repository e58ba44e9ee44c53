"""Every word that the public meets exists in every language, and says nothing that we can't keep."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import fridhem
from fridhem.rooms.intake.forms.public import ConcernForm, Ticket
from tools.messages import said

SOURCE = Path(fridhem.__file__).parent
PUBLIC = ("rooms/intake/templates/intake/public", "rooms/intake/forms/public.py")
LANGUAGES = ("sv", "ar")


def catalogue(language: str) -> dict[str, str]:
    found = {}
    for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            found |= {m.id: m.string for m in read_po(source) if isinstance(m.id, str) and m.id and m.string and not m.fuzzy}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_text_is_translated(language):
    known = catalogue(language)

    public = {text for (_context, text), place in said().items() if place.startswith(PUBLIC)}
    assert len(public) > 50
    assert sorted(public - set(known)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_for_figures(language):
    wrong = {
        text: translation
        for text, translation in catalogue(language).items()
        if sorted(re.findall(r"%\(\w+\)s", text)) != sorted(re.findall(r"%\(\w+\)s", translation))
    }

    assert wrong == {}


def test_an_arabic_page_holds_no_word_of_another_language(visitor):
    places = [*ConcernForm.STEPS, "start", "numbers", "review", "entrance", "sent"]

    for place in places:
        values = {"urgency": "now", "identity": "named", "relation": "self", "children": "yes"}
        page = visitor.sends("speak:ar", at=place, ticket=Ticket.new(), **values).text
        body = re.sub(r"<(script|style)\b.*?</\1>|<nav.*?</nav>|<[^>]+>", " ", page[page.index("<body") :], flags=re.S)
        strangers = set(re.findall(r"[A-Za-zÅÄÖåäö]{2,}", body)) - {"Fridköping", "Shift", "nbsp", "amp", "quot"}
        assert strangers == set(), place
    empty = visitor.sends("next", by_script=True, at="urgency").text
    assert "Det finns" in empty  # the same without the language: Swedish, so that the test above can fail


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_advised_to_knock(language):
    advice = [text for _context, text in said() if "knock" in text.lower()]

    assert advice
    assert all("Don't knock" in text for text in advice)
