"""What can be known of matters and documents. Everything starts from `visible_to`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from fridhem.foundation.accounts.models import User
from fridhem.pure.reader import normal_number
from fridhem.rooms.council import permissions, rules
from fridhem.rooms.council.enums import DocumentKind, FindingKey, MatterKind, MatterStatus, NumberRole, Stance
from fridhem.rooms.council.models import UNREAD, Decision, Delivery, Document, Incoming, Matter, Reference, RegistryNumber

# (least confidence, what it is called, its tone)
SURENESS: tuple[tuple[float, str | Promise, str], ...] = (
    (0.8, pgettext_lazy("council", "Sure"), "done"),
    (0.55, pgettext_lazy("council", "Fairly sure"), "neutral"),
    (0.0, pgettext_lazy("council", "Unsure"), "attention"),
)


def visible_to(user: User) -> QuerySet[Matter]:
    """The matters: public, so all of them for whoever works here."""
    return Matter.objects.all() if permissions.may_read(user) else Matter.objects.none()


def documents_visible_to(user: User) -> QuerySet[Document]:
    """The documents, public too."""
    return Document.objects.all() if permissions.may_read(user) else Document.objects.none()


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """The deliveries, for those who hand over."""
    return Delivery.objects.all() if permissions.may_take_in(user) else Delivery.objects.none()


def deliveries_under_way(user: User) -> QuerySet[Delivery]:
    """What the user has handed over and the worker hasn't read yet, newest first, each with its `files_count`."""
    unread = Incoming.objects.filter(status__in=UNREAD).values("delivery")
    own = deliveries_visible_to(user).filter(handed_over_by=user, pk__in=unread)
    return own.annotate(files_count=Count("files"))


def files_of(delivery: Delivery) -> list[Incoming]:
    """The files of a delivery in their order, without their bytes, each with its document and matter."""
    return list(delivery.files.defer("data").select_related("document__matter").defer("document__text", "document__findings"))


def listed(user: User, *, search: str = "", kind: str = "", status: str = "") -> QuerySet[Matter]:
    """The matters for a list, newest first, each with its numbers and `documents_count`.

    `search` is a part of the title or of a document's, or a registry number in any writing; empty means all.
    """
    found = visible_to(user)
    if kind in MatterKind.values:
        found = found.filter(kind=kind)
    if status in MatterStatus.values:
        found = found.filter(status=status)
    for word in _searched(search):
        found = found.filter(pk__in=_with_word(word))
    count = Document.objects.filter(matter=OuterRef("pk")).order_by().values("matter").annotate(n=Count("pk")).values("n")
    return found.annotate(documents_count=Subquery(count)).prefetch_related("numbers")


def documents_listed(user: User, *, search: str = "") -> QuerySet[Document]:
    """The documents for a list, newest first, without their texts. `search` as for matters."""
    found = documents_visible_to(user)
    for word in _searched(search):
        number = Q(references__number__normal__contains=normal_number(word)) if normal_number(word) else Q()
        found = found.filter(pk__in=Document.objects.filter(Q(title__icontains=word) | number).values("pk"))
    return found.select_related("matter").defer("text", "findings")


def matters_shown(user: User) -> QuerySet[Matter]:
    """The matters as their own pages show them, with their numbers."""
    return visible_to(user).prefetch_related("numbers")


def timeline(matter: Matter) -> QuerySet[Document]:
    """The documents of a matter, oldest first, each with its decisions."""
    decisions = Prefetch("decisions", Decision.objects.order_by("position"))
    return matter.documents.defer("text", "findings").prefetch_related(decisions).order_by("dated_on", "read_at")


def positions(documents: Iterable[Document]) -> list[Decision]:
    """Where each body stands at last, by the documents of a timeline: its latest decision on the matter itself."""
    latest: dict[str, Decision] = {}
    for document in documents:
        for decision in document.decisions.all():
            if decision.body and decision.stance != Stance.OTHER:
                latest[decision.body] = decision
    return list(latest.values())


def mentions(matter: Matter) -> QuerySet[Document]:
    """Documents that print one of the matter's numbers without belonging to it: notices of meetings, plans, other matters."""
    printed = Reference.objects.filter(number__matter=matter).values("document")
    return Document.objects.filter(pk__in=printed).exclude(matter=matter).select_related("matter").defer("text", "findings")


def documents_shown(user: User) -> QuerySet[Document]:
    """The documents as their own pages show them, with text and findings."""
    return documents_visible_to(user).select_related("matter", "taken_in_by")


def _searched(search: str) -> list[str]:
    return search.replace("\0", "").split()[:8]


def _with_word(word: str) -> QuerySet[Matter, Any]:
    """Registry numbers are searched as they are normalised; a word without letters and figures is in no number."""
    number = Q(numbers__normal__contains=normal_number(word)) if normal_number(word) else Q()
    return Matter.objects.filter(Q(title__icontains=word) | Q(documents__title__icontains=word) | number).values("pk")


# ── A document with what was found in it ──────────────────────────────────


@dataclass(frozen=True)
class Found:
    """A finding as a page shows it, numbered as its mark in the text."""

    index: int
    key: str
    label: str | Promise
    value: str
    rule: str
    sureness: str | Promise
    tone: str


def found_in(document: Document) -> list[Found]:
    """What the reader found, in the order that a person asks, each with the number of its mark in the text."""
    order = FindingKey.values
    found = [_found(index, place) for index, place in enumerate(document.findings) if place["key"] in order and _said(place)]
    return sorted(found, key=lambda finding: (order.index(finding.key), finding.index))


def marked_text(document: Document) -> Iterator[rules.Piece]:
    """The text in pieces, each with the findings that cover it."""
    return rules.pieces(document.text, [(place["start"], place["end"]) for place in document.findings])


def _found(index: int, place: dict[str, Any]) -> Found:
    sureness, tone = next((words, tone) for least, words, tone in SURENESS if place["confidence"] >= least)
    return Found(index, place["key"], FindingKey(place["key"]).label, _said(place), place["rule"], sureness, tone)


def _said(place: dict[str, Any]) -> str:
    value = place["value"]
    match place["key"]:
        case FindingKey.KIND:
            return str(DocumentKind(value).label)
        case FindingKey.NUMBER:
            return f"{value['number']} · {NumberRole(value['role']).label}"
        case FindingKey.MOTION:
            return ", ".join(f"{author['name']} ({author['party']})" for author in value["authors"])
        case FindingKey.DECISION:
            return f"{value['body'] or '–'} · {Stance(value['stance']).label}: {value['text']}"
        case _:
            return str(value)


def known(sha256: str) -> Document | None:
    """The document with exactly these bytes, if it has been taken in."""
    return Document.objects.filter(sha256=sha256).first()


def numbers_of(normals: frozenset[str]) -> QuerySet[RegistryNumber]:
    """The registry numbers with these normalised writings."""
    return RegistryNumber.objects.filter(normal__in=normals).select_related("matter")
