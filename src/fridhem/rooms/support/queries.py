"""What can be known: what is offered, whom to call, and a unit's own anonymous contacts of today."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.forms import model_to_dict
from django.utils.translation import get_language

from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.support import catalogue, permissions, rules
from fridhem.rooms.support.enums import Consent, Violence
from fridhem.rooms.support.models import AnonymousContact, Offer, PhoneNumber

MOST_WORDS = 8  # of a search


def digest(row: Offer | PhoneNumber) -> str:
    """What tells whether a row says the same as when it was shown."""
    return hashlib.sha256(repr(sorted(model_to_dict(row).items())).encode()).hexdigest()


# ── Offers ────────────────────────────────────────────────────────────────


def offers(user: User) -> QuerySet[Offer]:
    """All that is, was or will be offered, for everyone who works here."""
    return Offer.objects.all() if permissions.reads(user) else Offer.objects.none()


def in_force(on: date) -> Q:
    """The rows that are in force on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def listed(user: User, *, on: date, search: str = "", every: bool = False) -> QuerySet[Offer]:
    """What is offered on a day, or `every` offer; `search` is part of its name or texts."""
    found = offers(user) if every else offers(user).filter(in_force(on))
    for word in search.replace("\0", " ").split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word) | Q(about__icontains=word) | Q(conditions__icontains=word) | Q(unit__icontains=word)
        )
    return found


def anonymous_offers(user: User, *, on: date) -> QuerySet[Offer]:
    """What can be given to someone without a name that day."""
    return offers(user).filter(in_force(on), is_anonymous=True)


def consents(offer: Offer, *, on: date) -> list[tuple[str, str]]:
    """Who says yes, for the ages under eighteen that the offer is for: which ages, and who."""
    labels = catalogue.codes("ages")
    return [
        (labels.label_of(band.code, _language(), on=on), str(Consent(said).label))
        for band in catalogue.bands(on=on).values()
        if (said := rules.consent_of(offer.terms, band.code)) and not rules.misfit(offer.terms, band)
    ]


def ground_of(offer: Offer, *, on: date) -> str:
    """On what ground so much, or so little, is written."""
    return catalogue.codes("documentation").label_of(offer.documentation, _language(), on=on)


# ── Anonymous contacts ────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """A contact in words."""

    contact: AnonymousContact
    age_group: str
    violence: str
    given: str
    referred: str


def visible_to(user: User, *, on: date) -> QuerySet[AnonymousContact]:
    """What the user's unit has counted on a day; the database gives the staff no other day than today."""
    if not permissions.counts(user):
        return AnonymousContact.objects.none()
    return AnonymousContact.objects.filter(unit=user.unit_id, day=on).select_related("offer")


def lines(contacts: list[AnonymousContact], *, on: date) -> list[Line]:
    """Contacts as a page shows them."""
    return [
        Line(
            contact=one,
            age_group=_label("ages", one.age_group, on),
            violence=_violence(one, on),
            given=_label("given", one.given, on),
            referred=_label("referred", one.referred, on) if one.referred else "",
        )
        for one in contacts
    ]


def answers(contacts: QuerySet[AnonymousContact]) -> list[tuple[str, int]]:
    """How often each answer was given to the question on violence."""
    found = Counter(contacts.values_list("violence", flat=True))
    return [(str(Violence(code).label), found[code]) for code in Violence.values]


def _violence(contact: AnonymousContact, on: date) -> str:
    words = casework.code_list("reasons")
    told = [words.label_of(code, _language(), on=on) for code in contact.violence_forms]
    return ", ".join(told) or str(Violence(contact.violence).label)


def _label(name: str, code: str, on: date) -> str:
    return catalogue.codes(name).label_of(code, _language(), on=on)


# ── Whom to call ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answering:
    """A number as the page shows it."""

    number: PhoneNumber
    is_open: bool
    working_day: str
    other_day: str


@dataclass(frozen=True)
class Calling:
    """A situation, its advice, and the numbers to call in order."""

    situation: catalogue.Situation
    advice: catalogue.Advice
    numbers: list[Answering]


def numbers(user: User) -> QuerySet[PhoneNumber]:
    """Every number that is, was or will be in force, for everyone who works here."""
    return PhoneNumber.objects.all() if permissions.reads(user) else PhoneNumber.objects.none()


def calls(user: User, *, at: datetime) -> list[Calling]:
    """Whom to call in each situation at a moment of local time: those who answer now first. One query."""
    found = [_answering(one, at) for one in numbers(user).filter(in_force(at.date()))]
    found.sort(key=lambda one: not one.is_open)
    return [
        Calling(one, one.advice(_language()), [line for line in found if one.code in line.number.situations])
        for one in catalogue.situations(on=at.date())
    ]


def _answering(number: PhoneNumber, at: datetime) -> Answering:
    return Answering(
        number=number,
        is_open=rules.is_open(number.working_day, number.other_day, at),
        working_day=rules.in_words(number.working_day),
        other_day=rules.in_words(number.other_day),
    )


def situation_names(codes: list[str], *, on: date) -> list[str]:
    """What situations are called."""
    return [one.advice(_language()).name for one in catalogue.situations(on=on) if one.code in codes]


def _language() -> str:
    return get_language() or "sv"
