"""What can be done: say what is offered and whom to call, count an anonymous contact, take it back the same day."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import TruncYear
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.support import catalogue, permissions, queries, rules
from fridhem.rooms.support.models import AnonymousContact, Offer, PhoneNumber

# ── What is offered, and whom to call ─────────────────────────────────────


@transaction.atomic
def add_offer(*, by: User, at: datetime, **given: Any) -> Offer:
    """Say what the board has decided to offer; `given` are the fields of `Offer`. Raises `Denied`."""
    permissions.check_may_edit(by)
    offer = Offer.objects.create(**given)
    record("support.offer.added", subject=offer, by=by, at=at)
    return offer


@transaction.atomic
def change_offer(offer: Offer, *, by: User, at: datetime, seen: str, **given: Any) -> Offer:
    """Change what is said of an offer, or when it ends; what it said before stays in its history.

    `seen`: the `queries.digest` of what was changed from. Raises `Denied`, `NotNow` when it says something else by now.
    """
    permissions.check_may_edit(by)
    offer = Offer.objects.select_for_update().get(pk=offer.pk)
    rules.check_is_as_seen(queries.digest(offer), seen)
    _set(offer, given)
    record("support.offer.changed", subject=offer, by=by, at=at)
    return offer


@transaction.atomic
def add_number(*, by: User, at: datetime, **given: Any) -> PhoneNumber:
    """Say where someone answers; `given` are the fields of `PhoneNumber`. Raises `Denied`."""
    permissions.check_may_edit(by)
    number = PhoneNumber.objects.create(**given)
    record("support.number.added", subject=number, by=by, at=at)
    return number


@transaction.atomic
def change_number(number: PhoneNumber, *, by: User, at: datetime, seen: str, **given: Any) -> PhoneNumber:
    """Change a number, its hours, or when it ends. As `change_offer`."""
    permissions.check_may_edit(by)
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    rules.check_is_as_seen(queries.digest(number), seen)
    _set(number, given)
    record("support.number.changed", subject=number, by=by, at=at)
    return number


def _set(row: Offer | PhoneNumber, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    row.save(update_fields=list(given))


# ── Anonymous contacts ────────────────────────────────────────────────────


@transaction.atomic
def count_contact(
    offer: Offer,
    *,
    by: User,
    at: datetime,
    way: str,
    age_group: str,
    violence: str,
    given: str,
    district: str = "",
    violence_forms: Sequence[str] = (),
    referred: str = "",
    submission: UUID | None = None,
) -> AnonymousContact:
    """Count that someone without a name got an offer. The record says that it was done that day, not when or by whom.

    `submission` was made when the form began: however often the same one is sent, the contact counts once.

    Codes: of the enums, the room's lists `given` and `referred`, and the casework lists `districts` and, for `violence_forms`,
    `reasons`.
    Raises `Denied`, `NotNow`, `UnknownCode`, ValueError.
    """
    permissions.check_may_count(by)
    today = timezone.localdate(at)
    given_today = rules.is_given_on(offer.valid_from, offer.valid_to, today)
    rules.check_can_be_counted(is_anonymous=offer.is_anonymous, is_given=given_today)
    rules.check_fits(offer.terms, catalogue.bands(on=today)[age_group])
    rules.check_violence(violence, violence_forms)
    _check_codes(given, referred, district, violence_forms, at=at)
    said = {
        "district": district,
        "violence": violence,
        "violence_forms": list(violence_forms),
        "given": given,
        "referred": referred,
    }
    contact, is_new = AnonymousContact.objects.get_or_create(
        pk=submission or uuid4(),
        defaults={"unit": by.unit, "day": today, "offer": offer, "way": way, "age_group": age_group, **said},
    )
    if is_new:
        record("support.contact.counted", subject=None, by=None, at=_midnight(at))
    return contact


@transaction.atomic
def undo_contact(contact: AnonymousContact, *, by: User, at: datetime) -> None:
    """Take back a contact of today that was counted by mistake. Raises `Denied`, `NotNow`."""
    permissions.check_may_undo(contact, by)
    rules.check_same_day(contact.day, timezone.localdate(at))
    deleted, _kinds = AnonymousContact.objects.filter(pk=contact.pk).delete()
    if not deleted:
        raise NotNow(_("The contact has been taken back already."))
    record("support.contact.taken_back", subject=None, by=None, at=_midnight(at))


@transaction.atomic
def forget_days(*, at: datetime) -> int:
    """Keep of the contacts of earlier days only what they are counted by; how many there were. By the house, every night."""
    earlier = AnonymousContact.objects.filter(day__lt=timezone.localdate(at), unit__isnull=False)
    return earlier.update(day=TruncYear("day"), unit=None)


def _check_codes(given: str, referred: str, district: str, forms: Sequence[str], *, at: datetime) -> None:
    today = timezone.localdate(at)
    catalogue.codes("given").find(given, on=today)
    if referred:
        catalogue.codes("referred").find(referred, on=today)
    if district:
        casework.code_list("districts").find(district, on=today)
    for code in forms:
        casework.code_list("reasons").find(code, on=today)


def _midnight(at: datetime) -> datetime:
    """When the day began: a finer time beside one contact that day would tell when someone called."""
    return timezone.make_aware(datetime.combine(timezone.localdate(at), time()))
