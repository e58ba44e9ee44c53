"""What can be done with persons: register, relate, protect, reveal; keep and show protected details."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from fridhem.foundation.accounts.conflicts import tell_of_conflict
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.blind_index import fingerprint, fingerprints, name_index
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.pure import identity
from fridhem.pure.deadlines import openings
from fridhem.rooms.persons import permissions, queries, rules
from fridhem.rooms.persons.enums import DetailKind, Protection, RecusalGround, RelationKind, RevealReason
from fridhem.rooms.persons.models import Handling, Person, ProtectedDetail, Recusal, Relation, Reveal


@dataclass(frozen=True)
class Revealed:
    """What was hidden, for the one who gave a reason."""

    name: str
    identity_number: str


@transaction.atomic
def register(
    *,
    by: User,
    at: datetime,
    name: str,
    identity_number: str = "",
    protection: str = Protection.NONE,
    address: str = "",
) -> Person:
    """The person with this identity number, registered now if nobody with it was; without a number always a new one.

    A person who is already known keeps the name; a stronger `protection` is set and a weaker one isn't, an `address` becomes a
    protected detail when there is none: what is told of a danger is never lost. Safe when two register the same person at once.
    Raises `Denied`, `identity.NotAnIdentityNumber`, ValueError for an unknown protection.
    """
    permissions.check_may_handle_persons(by)
    protection = Protection(protection).value
    given = {"sealed_name": name, "name_index": _index(name, protection), "sealed_protection": protection}
    if not identity_number:
        person, made = Person.objects.create(**given), True
    else:
        number = str(identity.parse(identity_number, on=timezone.localdate(at)))
        person, made = _known_or_new(number, given, by=by, at=at)
    if made:
        _handle(person.pk, by=by, at=at)
        record("persons.person.registered", subject=person, by=by, at=at)
    else:
        _strengthen(person, by=by, at=at, protection=protection)
    if address and not person.details.filter(kind=DetailKind.ADDRESS, ended_on=None).exists():
        add_detail(person, by=by, at=at, kind=DetailKind.ADDRESS, value=address)
    return person


@transaction.atomic
def register_many(people: Iterable[tuple[str, str]], *, by: User, at: datetime) -> list[Person]:
    """Register many who aren't known yet, each as (name, identity number), in batches and with one line in the audit log.

    Raises `Denied`, `identity.NotAnIdentityNumber`, IntegrityError when one of them is already known.
    """
    permissions.check_may_handle_persons(by)
    today = timezone.localdate(at)
    named = [(name, str(identity.parse(written, on=today))) for name, written in people]
    indexes = fingerprints([number for _name, number in named], zone="case")
    by_name = name_index([name for name, _number in named], zone="case")
    rows = [
        Person(
            sealed_name=name,
            name_index=words,
            sealed_number=number,
            identity_index=index,
            sealed_protection=Protection.NONE.value,
        )
        for (name, number), index, words in zip(named, indexes, by_name, strict=True)
    ]
    access.begin(rows)
    Person.objects.bulk_create(rows, batch_size=1000)
    record("persons.persons.registered", subject=None, by=by, at=at, reason=str(len(rows)))
    return rows


@transaction.atomic
def find_or_register(names: Mapping[str, str], *, by: User, at: datetime) -> dict[str, UUID | None]:
    """The person of each identity number, registered by the name given if nobody with it is known; by the house, for `by`.

    None for whom `by` must not handle. Raises `Denied`, `identity.NotAnIdentityNumber`, IntegrityError when someone else
    registers one of them meanwhile: then nothing is done.
    """
    permissions.check_may_handle_persons(by)
    today = timezone.localdate(at)
    written = {given: str(identity.parse(given, on=today)) for given in names}
    normal = list(dict.fromkeys(written.values()))
    indexes = dict(zip(normal, fingerprints(normal, zone="case"), strict=True))
    known = queries.among(indexes.values(), user=by)
    named = {written[given]: name for given, name in names.items()}
    missing = [(name, number) for number, name in named.items() if known[indexes[number]] == (None, False)]
    made = {str(row.sealed_number): row.pk for row in register_many(missing, by=by, at=at)} if missing else {}
    return {given: made.get(number) or _open_to(known[indexes[number]]) for given, number in written.items()}


@transaction.atomic
def find(*, identity_number: str, by: User, at: datetime) -> Person | None:
    """The person with exactly this number, to be handled for a while; that somebody looked is recorded.

    Someone whom `by` must not handle isn't found, as if there were nobody; that it was tried is told. Raises `Denied`,
    `NotAnIdentityNumber`.
    """
    permissions.check_may_handle_persons(by)
    index = fingerprint(str(identity.parse(identity_number, on=timezone.localdate(at))), zone="case")
    known = queries.known(index)
    if permissions.is_recused(by, index):
        tell_of_conflict(Recusal.objects.get(user=by, identity_index=index, lifted_at=None), by=by, at=at)
        known = None
    if known:
        _handle(known, by=by, at=at)
    person = Person.objects.get(pk=known) if known else None
    record("persons.person.looked_up", subject=person, by=by, at=at)
    return person


@transaction.atomic
def search(*, name: str, by: User, at: datetime) -> QuerySet[Person]:
    """The persons that `by` sees whose names begin so (`queries.named`); that somebody looked is recorded, not for whom.

    Raises `Denied`.
    """
    permissions.check_may_handle_persons(by)
    record("persons.persons.searched", subject=None, by=by, at=at)
    return queries.named(name, user=by)


@transaction.atomic
def protect(person: Person, *, by: User, at: datetime, protection: str) -> Person:
    """Set why the person's data is protected, or that it no longer is. Raises `Denied`, ValueError for an unknown word."""
    permissions.check_may_handle_persons(by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _set_protection(person, Protection(protection).value)
    record("persons.person.protected", subject=person, by=by, at=at)
    return person


@transaction.atomic
def relate(person: Person, *, by: User, at: datetime, other: Person, kind: str) -> Relation:
    """Say what `other` is to `person`. Raises `Denied`, ValueError for an unknown kind."""
    permissions.check_may_handle_persons(by)
    relation = Relation.objects.create(person=person, other=other, kind=RelationKind(kind).value)
    record("persons.relation.made", subject=relation, by=by, at=at)
    return relation


@transaction.atomic
def unrelate(relation: Relation, *, by: User, at: datetime) -> None:
    """Take away what someone was said to be to a person: the persons stay. Raises `Denied`."""
    permissions.check_may_handle_persons(by)
    record("persons.relation.removed", subject=relation, by=by, at=at)
    relation.delete()


@transaction.atomic
def reveal(person: Person, *, by: User, at: datetime, reason: str) -> Revealed:
    """Name and number of a person, protected or not; the look and its reason are recorded. Raises `Denied`, ValueError."""
    permissions.check_may_handle_persons(by)
    record("persons.person.revealed", subject=person, by=by, at=at, reason=RevealReason(reason).value)
    return Revealed(name=person.sealed_name, identity_number=person.sealed_number or "")


# ── Protected details ─────────────────────────────────────────────────────


@transaction.atomic
def add_detail(
    person: Person, *, by: User, at: datetime, kind: str, value: str, valid_from: date | None = None
) -> ProtectedDetail:
    """Keep something that could lead someone to the person, from a day (today without). Raises `Denied`, ValueError."""
    permissions.check_may_handle_persons(by)
    return _add(person, by=by, at=at, kind=DetailKind(kind).value, value=value, valid_from=valid_from)


@transaction.atomic
def change_detail(detail: ProtectedDetail, *, by: User, at: datetime, value: str) -> ProtectedDetail:
    """A new value takes the place of the one that was, which ends today and stays in the history. Raises `Denied`, `NotNow`."""
    permissions.check_may_handle_persons(by)
    former = _end(detail, by=by, at=at, ended_on=timezone.localdate(at))
    return _add(former.person, by=by, at=at, kind=former.kind, value=value, replaces=former)


@transaction.atomic
def end_detail(detail: ProtectedDetail, *, by: User, at: datetime, ended_on: date) -> ProtectedDetail:
    """Say when a detail stopped being true. It's still held against what leaves the house. Raises `Denied`, `NotNow`."""
    permissions.check_may_handle_persons(by)
    return _end(detail, by=by, at=at, ended_on=ended_on)


@transaction.atomic
def reveal_detail(detail: ProtectedDetail, *, by: User, at: datetime, reason: str, words: str, unit: UUID | None = None) -> str:
    """The value of one protected detail. The look is recorded with its reason, and the team leader of `unit` is alerted.

    `words`: why, in the reader's own words, sealed. That `by` needs to know of this person is asked by the room that has the
    case: call `casework.actions.people.reveal_detail`. Raises `Denied`, ValueError for an unknown reason or no words.
    """
    permissions.check_may_reveal_details(by)
    if not words.strip():
        raise ValueError("A protected detail is shown to someone who says why.")
    Reveal.objects.create(detail=detail, by=by, at=at, reason=RevealReason(reason).value, words=words)
    record("persons.detail.revealed", subject=detail, by=by, at=at, reason=reason)
    hears = rules.who_hears(by.role)
    alert(AlertKind.PROTECTED_SHOWN, subject=detail, about_user=by, at=at, roles=hears, unit=rules.where(hears, unit))
    return str(detail.sealed_value)


@transaction.atomic
def recuse(*, user: User, identity_number: str, ground: str, by: User, at: datetime) -> Recusal:
    """Say that `user` must not handle the person with this number, known here or not. The number isn't kept, only its mark.

    Harmless to say again. Raises `Denied`, `NotAnIdentityNumber`, ValueError for an unknown ground.
    """
    permissions.check_may_recuse(user, by)
    index = fingerprint(str(identity.parse(identity_number, on=timezone.localdate(at))), zone="case")
    said, made = Recusal.objects.get_or_create(
        user=user,
        identity_index=index,
        lifted_at=None,
        defaults={"ground": RecusalGround(ground).value, "said_by": by, "said_at": at},
    )
    if made:
        record("persons.recusal.made", subject=said, by=by, at=at, reason=said.ground)
    return said


@transaction.atomic
def lift_recusal(recusal: Recusal, *, by: User, at: datetime) -> Recusal:
    """Say that the conflict is over, or was a mistake. Raises `Denied`, also for the one who is recused."""
    recusal = Recusal.objects.select_for_update().get(pk=recusal.pk)
    permissions.check_may_lift(recusal, by)
    recusal.lifted_by, recusal.lifted_at = by, at
    recusal.save(update_fields=["lifted_by", "lifted_at"])
    record("persons.recusal.lifted", subject=recusal, by=by, at=at)
    return recusal


# ── Parts of the verbs ────────────────────────────────────────────────────


def _known_or_new(number: str, given: dict[str, Any], *, by: User, at: datetime) -> tuple[Person, bool]:
    """The person with this number, locked, and whether it's a new one; safe when two register the same at once.

    Whom `by` isn't handling isn't seen, so it's asked of the database by the number first.
    """
    index = fingerprint(number, zone="case")
    permissions.check_may_handle(by, index)
    if known := queries.known(index):
        return _taken_up(known, by=by, at=at), False
    try:
        with transaction.atomic():
            return Person.objects.create(identity_index=index, sealed_number=number, **given), True
    except IntegrityError:
        first = queries.known(index)
        assert first is not None, "someone else registered the same number just now"
        return _taken_up(first, by=by, at=at), False


def _taken_up(known: UUID, *, by: User, at: datetime) -> Person:
    """A known person, whom `by` handles from now on; locked."""
    if _handle(known, by=by, at=at):
        record("persons.person.handled", subject=Person(pk=known), by=by, at=at)
    return Person.objects.select_for_update().get(pk=known)


def _open_to(known: tuple[UUID | None, bool]) -> UUID | None:
    person, is_shut = known
    return None if is_shut else person


def _handle(person: UUID, *, by: User, at: datetime) -> bool:
    """Let `by` see the person for a while; whether that is new."""
    until = at + openings.lasts("handling", on=timezone.localdate(at))
    begun = Handling.objects.filter(person=person, user=by, until__gt=at).exists()
    Handling.objects.update_or_create(person_id=person, user=by, defaults={"until": until})
    return not begun


def _strengthen(person: Person, *, by: User, at: datetime, protection: str) -> None:
    """Raise the protection of a known person. One that can't be read hides everything already, and is left to be mended."""
    try:
        stronger = rules.is_stronger(protection, than=person.sealed_protection)
    except Unopenable:
        return
    if stronger:
        _set_protection(person, protection)
        record("persons.person.protected", subject=person, by=by, at=at)


def _set_protection(person: Person, protection: str) -> None:
    """Who is protected can't be found by name."""
    person.sealed_protection, person.name_index = protection, _index(person.sealed_name, protection)
    person.save(update_fields=["sealed_protection", "name_index"])


def _index(name: str, protection: str) -> list[int] | None:
    return name_index([name], zone="case")[0] if protection == Protection.NONE else None


def _add(
    person: Person,
    *,
    by: User,
    at: datetime,
    kind: str,
    value: str,
    valid_from: date | None = None,
    replaces: ProtectedDetail | None = None,
) -> ProtectedDetail:
    detail = ProtectedDetail.objects.create(
        person=person,
        kind=kind,
        sealed_value=value,
        valid_from=valid_from or timezone.localdate(at),
        added_by=by,
        replaces=replaces,
    )
    record("persons.detail.added", subject=detail, by=by, at=at, reason=kind)
    return detail


def _end(detail: ProtectedDetail, *, by: User, at: datetime, ended_on: date) -> ProtectedDetail:
    detail = ProtectedDetail.objects.select_for_update().get(pk=detail.pk)
    rules.check_runs(detail.ended_on)
    rules.check_end(ended_on, valid_from=detail.valid_from, today=timezone.localdate(at))
    detail.ended_on = ended_on
    detail.save(update_fields=["ended_on"])
    record("persons.detail.ended", subject=detail, by=by, at=at, reason=detail.kind)
    return detail
