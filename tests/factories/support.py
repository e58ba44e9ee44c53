"""Offers, anonymous contacts and numbers."""

from datetime import UTC, date, datetime, time

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.rooms.support import actions
from fridhem.rooms.support.models import AnonymousContact, Offer, PhoneNumber
from tests.factories import accounts

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
OFFER = {
    "name": "Stödsamtal",
    "about": "Samtal för den som är eller har varit utsatt för våld.",
    "age_from": 15,
    "age_to": None,
    "consent_child": "guardians",
    "consent_youth": "own",
    "conditions": "Högst fem samtal.",
    "is_anonymous": True,
    "documentation": "none",
    "unit": "Öppna mottagningen",
    "phone": "070-174 06 33",
    "valid_from": date(2025, 7, 1),
    "valid_to": None,
}
ANSWERED = {"way": "phone", "age_group": "adult", "violence": "no", "given": "talk"}
NUMBER = {
    "situations": ["adult"],
    "unit": "Mottag",
    "phone": "070-174 06 34",
    "working_from": time(8),
    "working_to": time(16, 30),
    "other_from": None,
    "other_to": None,
    "place": 1,
    "valid_from": date(2025, 7, 1),
    "valid_to": None,
}


def owner(**given) -> User:
    return accounts.user(Role.PROCESS_OWNER, **given)


def offer(*, by: User | None = None, at: datetime = AT, **given) -> Offer:
    return actions.add_offer(by=by or owner(), at=at, **{**OFFER, **given})


def contact(*, by: User, at: datetime = AT, offered: Offer | None = None, **given) -> AnonymousContact:
    return actions.count_contact(offered or offer(at=at), by=by, at=at, **{**ANSWERED, **given})


def number(*, by: User | None = None, at: datetime = AT, **given) -> PhoneNumber:
    return actions.add_number(by=by or owner(), at=at, **{**NUMBER, **given})
