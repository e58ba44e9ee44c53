"""What can be known of persons. That a case gives a need to know is said by the room that has it: see `slots`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import in_zone
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.blind_index import fingerprint, name_tokens
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.pure import identity
from fridhem.rooms.persons import permissions, slots
from fridhem.rooms.persons.enums import DetailKind, Protection, RelationKind
from fridhem.rooms.persons.models import Handling, Person, ProtectedDetail, Recusal, Relation, Reveal


@dataclass(frozen=True)
class Shown:
    """A person as a list or a page may show it: masked when the person is protected."""

    id: UUID
    name: str
    identity_number: str
    is_protected: bool


def visible_to(user: User) -> QuerySet[Person]:
    """The persons that `user` needs to see: those of the user's cases, those who are something to them, and those being handled.

    Never those whom a conflict of interest shuts.
    """
    if not in_zone(Zone.CASE)(user):
        return Person.objects.none()
    needed = slots.need_to_know.of(user)
    related = Relation.objects.filter(person__in=Person.objects.filter(needed)).values("other")
    handled = Handling.objects.filter(user=user, until__gt=Now()).values("person")
    return Person.objects.filter(needed | Q(pk__in=related) | Q(pk__in=handled)).exclude(pk__in=shut_to(user))


def shut_to(user: User) -> QuerySet[Person, Any]:
    """The ids of the persons that `user` must not handle."""
    recused = Recusal.objects.filter(user=user, lifted_at=None).values("identity_index")
    return Person.objects.filter(identity_index__in=recused).values("pk")


def with_identity_number(number: str, *, user: User, on: date) -> Person | None:
    """The visible person with exactly this number, if there is one. Raises `identity.NotAnIdentityNumber`."""
    index = fingerprint(str(identity.parse(number, on=on)), zone="case")
    return visible_to(user).filter(identity_index=index).first()


def named(typed: str, *, user: User) -> QuerySet[Person]:
    """The persons whose names have words that begin as what was typed, at least three letters each. Never a protected one."""
    tokens = name_tokens(typed, zone="case")
    # Found before anything else is asked of them: as a list they are, as a join the database may look at every person first.
    fitting = RawSQL("(ARRAY(SELECT persons_named(%s::bigint[])))", [tokens])
    is_fitting = Func(F("pk"), fitting, template="%(expressions)s", arg_joiner=" = ANY ", output_field=BooleanField())
    return visible_to(user).filter(is_fitting) if tokens else Person.objects.none()


def make_ready(people: Iterable[Person | None]) -> None:
    """Open what a list shows of `people` with one question, however many they are."""
    access.unlock(people)


def protection_of(person: Person) -> str:
    """Why the person's data is protected, one of `Protection`; empty when it can't be read."""
    try:
        return str(person.sealed_protection)
    except Exception:  # noqa: BLE001 - whatever the reason, what can't be read is treated as protected
        return ""


def is_protected(person: Person) -> bool:
    """Whether the person must be hidden: the one predicate that lists, pages, searches, exports and letters go by.

    Fails closed: a protection that can't be read, or that we don't know, protects.
    """
    return protection_of(person) != Protection.NONE


def known(index: bytes) -> UUID | None:
    """The id of the person with exactly this blind index, seen or not; None also when whoever acts must not handle them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT persons_known(%s)", [index])
        found: UUID | None = cursor.fetchone()[0]
    return found


def among(indexes: Collection[bytes], *, user: User) -> dict[bytes, tuple[UUID | None, bool]]:
    """For each blind index: the id of the person, None when nobody has it, and whether `user` must not handle whoever it is.

    With one question, by the house's own tasks: it tells of those whom `user` doesn't see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM persons_among(%s::bytea[], %s)", [list(indexes), user.pk])
        return {bytes(index): (person, is_shut) for index, person, is_shut in cursor.fetchall()}


def recusals(user: User) -> QuerySet[Recusal]:
    """That there are persons whom the user must not handle, and why; never who."""
    return Recusal.objects.filter(user=user, lifted_at=None).select_related("said_by")


def recusals_to_lift(user: User) -> QuerySet[Recusal]:
    """Those of the colleagues whom the user leads, which the user may lift; never who they are about."""
    if not permissions.leads_people(user):
        return Recusal.objects.none()
    found = Recusal.objects.filter(user__unit=user.unit_id, lifted_at=None).exclude(user=user)
    return found.select_related("user", "said_by").order_by("user__name", "-said_at")


def shown(person: Person | None) -> Shown | None:
    """What may stand on a page without a special reason: everything unless the person is protected, then nothing.

    A person whose name can't be opened is masked too: a list is never lost to one damaged row.
    """
    if person is None:
        return None
    if is_protected(person):
        return Shown(person.pk, _("Protected personal data"), "", is_protected=True)
    try:
        number = identity.masked(person.sealed_number) if person.sealed_number else ""
        return Shown(person.pk, person.sealed_name, number, is_protected=False)
    except Unopenable:
        return Shown(person.pk, _("Can't be read"), "", is_protected=True)


def in_full(person: Person) -> Shown:
    """Name and number as they are, for a file to whoever may have them, never for a page; masked when they can't be opened."""
    try:
        return Shown(person.pk, person.sealed_name, person.sealed_number or "", is_protected=is_protected(person))
    except Unopenable:
        return Shown(person.pk, _("Can't be read"), "", is_protected=True)


# ── Who is who ────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Related:
    """Someone who is something to a person: `kind` in words."""

    relation: Relation
    person: Person
    kind: str


def related(person: Person) -> list[Related]:
    """Those who are something to the person, in the order that they were read."""
    rows = list(person.relations.select_related("other").order_by("pk"))
    make_ready([person, *(row.other for row in rows)])
    return [Related(row, row.other, _relation(row)) for row in rows]


def ties_to(people: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Whom these persons are something to, as (one of `people`, the person)."""
    return list(Relation.objects.filter(other__in=people).values_list("other", "person"))


def _relation(row: Relation) -> str:
    try:
        return str(RelationKind(row.kind).label)
    except (Unopenable, ValueError):
        return str(RelationKind.UNKNOWN.label)


# ── Protected details ─────────────────────────────────────────────────────


def details(people: Collection[UUID]) -> QuerySet[ProtectedDetail]:
    """The protected details of these persons, without their values: what stands on a page is the kind and the days."""
    found = ProtectedDetail.objects.filter(person__in=people).select_related("added_by").defer("sealed_value")
    return found.order_by("person", "kind", "-valid_from", "pk")


def may_know_of_details(user: User) -> bool:
    """Whether the user may know which kinds of details there are."""
    return permissions.may_handle_persons(user)


def may_reveal_details(user: User) -> bool:
    """Whether a protected detail can be opened for the user at all."""
    return permissions.may_reveal_details(user)


def reveals(detail: ProtectedDetail) -> QuerySet[Reveal]:
    """Who was shown a detail, latest first."""
    return detail.reveals.select_related("by")


@dataclass(frozen=True)
class Held:
    """A value that must not leave the house: whose it is, what kind, and why they are protected (empty when unreadable).

    `value` is None when it can't be opened: nothing can be held against it, so nothing may pass.
    """

    person: UUID
    kind: str
    value: str | None
    protection: str

    @property
    def is_protected(self) -> bool:
        """The same predicate as `queries.is_protected`."""
        return self.protection != Protection.NONE


NAME, NUMBER = "name", "identity_number"


def held_values(subject: UUID) -> list[Held]:
    """Everything that what leaves a matter is held against: details, present and past, names and numbers, opened.

    The matter: the person it's about and those who are something to that person, whether whoever acts is shown them or not. For
    the outbound check alone, acting in the zones case and protected: no page shows what this gives.
    """
    people = list(Person.objects.raw("SELECT * FROM persons_of_matter(%s)", [subject]))
    rows = list(ProtectedDetail.objects.raw("SELECT * FROM persons_details_of_matter(%s)", [subject]))
    access.unlock(people)
    access.unlock(rows, "sealed_value")
    why = {person.pk: protection_of(person) for person in people}
    found = [Held(row.person_id, row.kind, _opened(row, "sealed_value"), why[row.person_id]) for row in rows]
    for person in people:
        for kind, attribute in ((NAME, "sealed_name"), (NUMBER, "sealed_number")):
            found.append(Held(person.pk, kind, _opened(person, attribute), why[person.pk]))
    return [one for one in found if one.value != ""]


def _opened(row: Person | ProtectedDetail, attribute: str) -> str | None:
    try:
        return str(getattr(row, attribute) or "")
    except Exception:  # noqa: BLE001 - the check must know that it couldn't be read, whatever the reason
        return None


def kind_label(kind: str) -> str:
    """A kind of detail in words."""
    own = {NAME: _("Name"), NUMBER: _("Personal identity number")}
    return own[kind] if kind in own else str(DetailKind(kind).label)
