"""What statistics may see of anonymous contacts: counts by codes and year, never a contact or a day."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, F, Func, TextChoices
from django.db.models.functions import ExtractYear
from django.utils.translation import override

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.support import catalogue
from fridhem.rooms.support.enums import Violence, Way
from fridhem.rooms.support.models import AnonymousContact, Offer

NONE = "none"  # no district was told, or nobody was referred to
_NONE = {"district": {"sv": "Inte uppgivet", "en": "Not told"}, "referred": {"sv": "Ingen", "en": "Nobody"}}


class Contacts(NamedTuple):
    """How many anonymous contacts had this combination of codes."""

    offer: str
    way: str
    age_group: str
    district: str
    violence: str
    given: str
    referred: str
    year: int
    n: int


class ViolenceForms(NamedTuple):
    """How many of those who said yes told of this form of violence: a contact counts once for each."""

    form: str
    age_group: str
    district: str
    year: int
    n: int


def contacts() -> Iterator[Contacts]:
    """One row per combination that occurs, counted in the database."""
    names = Contacts._fields[:-1]
    found = AnonymousContact.objects.annotate(year=ExtractYear("day")).values(*names).annotate(n=Count("id")).order_by(*names)
    for offer, way, age, district, violence, given, referred, year, n in found.values_list(*Contacts._fields):
        yield Contacts(str(offer), way, age, district or NONE, violence, given, referred or NONE, year, n)


def violence_forms() -> Iterator[ViolenceForms]:
    """One row per combination that occurs, counted in the database."""
    told = AnonymousContact.objects.annotate(form=Func(F("violence_forms"), function="unnest"), year=ExtractYear("day"))
    names = ViolenceForms._fields[:-1]
    found = told.values(*names).annotate(n=Count("id")).order_by(*names)
    for form, age, district, year, n in found.values_list(*ViolenceForms._fields):
        yield ViolenceForms(form, age, district or NONE, year, n)


def dimensions(*names: str) -> tuple[Dimension, ...]:
    """How the facts are counted, by the names of their fields."""
    return tuple(_dimension(name) for name in names)


def _dimension(name: str) -> Dimension:
    titles = {
        "offer": {"sv": "Stöd", "en": "Offer"},
        "way": {"sv": "Kontaktväg", "en": "Way"},
        "age_group": {"sv": "Ålder", "en": "Age"},
        "district": {"sv": "Område", "en": "District"},
        "violence": {"sv": "Svar på frågan om våld", "en": "Answer to the question on violence"},
        "given": {"sv": "Vad personen fick", "en": "What was given"},
        "referred": {"sv": "Hänvisad till", "en": "Referred to"},
        "form": {"sv": "Våldsform", "en": "Form of violence"},
    }
    labels = _labels(name)
    return Dimension.flat(name, list(labels), titles=titles[name], labels=labels)


def _labels(name: str) -> dict[str, dict[str, str]]:
    if name == "offer":
        return {str(pk): {"sv": called, "en": called} for pk, called in Offer.objects.values_list("pk", "name")}
    if name in {"way", "violence"}:
        return _of_choices(Way if name == "way" else Violence)
    lists = {
        "age_group": catalogue.codes("ages"),
        "given": catalogue.codes("given"),
        "referred": catalogue.codes("referred"),
        "district": casework.code_list("districts"),
        "form": casework.code_list("reasons"),
    }
    return _of_list(lists[name]) | ({NONE: _NONE[name]} if name in _NONE else {})


def _of_list(codes: CodeList) -> dict[str, dict[str, str]]:
    return {code.code: {"sv": codes.label_of(code.code), "en": codes.label_of(code.code, "en")} for code in codes}


def _of_choices(choices: type[TextChoices]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {code: {} for code in choices.values}
    for language in ("sv", "en"):
        with override(language):
            for code, label in choices.choices:
                found[code][language] = str(label)
    return found
