"""What can be done with council documents: hand them over, take them in. What was read makes, names and merges the matters."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.files.taking_in import Cleaned
from fridhem.foundation.files.taking_in import take_in as take_in_file
from fridhem.pure import reader
from fridhem.rooms.council import permissions, queries, rules
from fridhem.rooms.council.enums import DocumentKind, IncomingStatus, NumberRole, Outcome
from fridhem.rooms.council.models import UNREAD, Decision, Delivery, Document, Incoming, Matter, Reference, RegistryNumber

logger = logging.getLogger(__name__)

# Matters are made and merged by one at a time: the number of PostgreSQL's advisory lock.
LINKING = 0x_C0_11_C1
LONGEST_TITLE, LONGEST_NAME = 300, 255
ACCEPTS = ("pdf", "docx", "text")  # what the reader reads
MOST_TRIES = 3  # a file whose reader dies so many times is given up: others wait behind it


@dataclass(frozen=True)
class File:
    """A file as it was handed over."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Line:
    """What became of one file: its document when there is one."""

    name: str
    outcome: Outcome
    document: Document | None = None

    @property
    def failed(self) -> bool:
        """Whether the file couldn't be read."""
        return self.document is None


def take_in(files: Iterable[File], *, by: User, at: datetime) -> list[Line]:
    """Read each file and file it away in the matter that its registry numbers say; one line per file, in their order.

    A file that can't be read says why and stops no other; one that is here already is found again. The matters are the same
    whatever the order of the files. Raises `Denied`.
    """
    permissions.check_may_take_in(by)
    return [_take_in_one(file, by=by, at=at) for file in files]


@transaction.atomic
def hand_over(files: Iterable[File], *, by: User, at: datetime) -> Delivery:
    """Keep the files as they came, for the worker to read (`read_incoming`). Raises `Denied`."""
    permissions.check_may_take_in(by)
    delivery = Delivery.objects.create(handed_over_by=by, handed_over_at=at)
    kept = Incoming.objects.bulk_create(
        Incoming(
            delivery=delivery,
            position=position,
            name=_storable(file.name),
            sha256=hashlib.sha256(file.data).hexdigest(),
            size=len(file.data),
            data=file.data,
        )
        for position, file in enumerate(files, start=1)
    )
    record("council.delivery.handed_over", subject=delivery, by=by, at=at, reason=str(len(kept)))
    return delivery


def read_incoming(delivery_id: UUID, *, at: datetime) -> int:
    """Read what waits in a delivery and drop its bytes; how many files were read. By the worker.

    Harmless to do again after an interruption, and by two at once: what has been read isn't read again. A file that can't be
    read, for whatever reason, stops no other.
    """
    waiting = Incoming.objects.filter(delivery=delivery_id, status__in=UNREAD).values_list("pk", flat=True)
    return sum(_read_one(incoming_id, at=at) for incoming_id in list(waiting))


def _read_one(incoming_id: UUID, *, at: datetime) -> bool:
    begun = Incoming.objects.filter(pk=incoming_id, status__in=UNREAD)
    begun.update(status=IncomingStatus.READING, tries=F("tries") + 1)
    try:
        with transaction.atomic():
            incoming = begun.select_related("delivery__handed_over_by").select_for_update(of=("self",)).first()
            if incoming is None:  # another worker was here meanwhile
                return False
            file = File(incoming.name, bytes(incoming.data or b""))
            given_up = Line(file.name, Outcome.FAULT) if incoming.tries > MOST_TRIES else None
            _settle(incoming, given_up or _take_in_one(file, by=incoming.delivery.handed_over_by, at=at))
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not the file's: the task is tried again
    except Exception as fault:  # noqa: BLE001  (one bad file must not cost the others theirs)
        logger.error("council.read_incoming failed: file %s, %s", incoming_id, type(fault).__name__)
        for incoming in begun:
            _settle(incoming, Line(incoming.name, Outcome.FAULT))
    return True


def _settle(incoming: Incoming, line: Line) -> None:
    incoming.status = rules.status_after(line.outcome)
    incoming.reason = line.outcome if incoming.status == IncomingStatus.FAILED else ""
    incoming.document, incoming.data = line.document, None
    incoming.save(update_fields=["status", "reason", "document", "data"])


def _storable(name: str) -> str:
    return name.replace("\0", "")[:LONGEST_NAME]


def _take_in_one(file: File, *, by: User, at: datetime) -> Line:
    sha256 = hashlib.sha256(file.data).hexdigest()
    if known := queries.known(sha256):
        return Line(file.name, Outcome.KNOWN, known)
    taken = take_in_file(file.data, accepts=ACCEPTS, on=timezone.localdate(at))
    if not isinstance(taken, Cleaned):
        return Line(file.name, rules.outcome_of(taken.reason))
    try:
        reading = reader.read(taken.data)
    except reader.UnreadableError as error:
        return Line(file.name, Outcome(error.reason.value))
    return _file_away(file.name, sha256, reading, by=by, at=at)


@transaction.atomic
def _file_away(name: str, sha256: str, reading: reader.Reading, *, by: User, at: datetime) -> Line:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINKING])
    if known := queries.known(sha256):  # someone handed over the same file while we read
        return Line(name, Outcome.KNOWN, known)
    document = _document(name, sha256, reading, by=by, at=at)
    printed = _printed(reading)
    ties = rules.tying(document.kind, printed)
    if ties or not printed:
        document.matter = _matter_of(ties, document, at=at, by=by)
    document.save()
    _keep_numbers(document, printed, ties)
    _keep_decisions(document, reading)
    if document.matter:
        _describe(document.matter)
    record("council.document.taken_in", subject=document, by=by, at=at, reason=document.kind)
    return Line(name, Outcome.TAKEN_IN, document)


def _document(name: str, sha256: str, reading: reader.Reading, *, by: User, at: datetime) -> Document:
    day, motion = reading.value("date"), reading.value("motion")
    return Document(
        kind=reading.value("document_type") or DocumentKind.UNKNOWN,
        body=(reading.value("body") or "")[:120],
        municipality=(reading.value("municipality") or "")[:80],
        dated_on=date.fromisoformat(day) if day else None,
        title=(reading.value("title") or name)[:LONGEST_TITLE],
        text=reading.text,
        findings=[asdict(place) for place in reading.places],
        put_by_members=motion["kind"] if motion else "",
        format=reading.format,
        pages=len(reading.segments),
        cut=reading.cut,
        file_name=_storable(name),
        sha256=sha256,
        read_at=at,
        taken_in_by=by,
    )


def _printed(reading: reader.Reading) -> list[rules.Printed]:
    return [
        rules.Printed(
            number=place.value["number"],
            normal=reader.normal_number(place.value["number"]),
            role=place.value["role"],
            in_head=place.start < reading.head_end,
            start=place.start,
            end=place.end,
        )
        for place in reading.places
        if place.key == "diarienummer"
    ]


def _matter_of(ties: frozenset[str], document: Document, *, by: User, at: datetime) -> Matter:
    """The matter that the numbers belong to: a new one, the one that has them, or the oldest of those that now are one."""
    matters = sorted({number.matter for number in queries.numbers_of(ties) if number.matter}, key=lambda m: (m.made_at, m.pk))
    if not matters:
        return Matter.objects.create(title=document.title, municipality=document.municipality, made_at=at)
    kept, *merged = matters
    for matter in merged:
        matter.documents.update(matter=kept)
        matter.numbers.update(matter=kept)
        matter.delete()
    if merged:
        record("council.matter.merged", subject=kept, by=by, at=at, reason=str(len(merged)))
    return kept


def _keep_numbers(document: Document, printed: list[rules.Printed], ties: frozenset[str]) -> None:
    """Each number has one row. A number that ties belongs to the document's matter; others wait for theirs."""
    for found in printed:
        number, _ = RegistryNumber.objects.get_or_create(normal=found.normal, defaults={"number": found.number})
        if found.normal in ties:
            number.matter = document.matter
        if found.role == NumberRole.OWN and not number.body:
            number.body = document.body
        number.save(update_fields=["matter", "body"])
        Reference.objects.create(
            document=document, number=number, role=found.role, ties=found.normal in ties, start=found.start, end=found.end
        )


def _keep_decisions(document: Document, reading: reader.Reading) -> None:
    places = [place for place in reading.places if place.key == "proposed_decisions"]
    Decision.objects.bulk_create(
        Decision(
            document=document,
            position=position,
            body=(place.value["body"] or "")[:120],
            text=place.value["text"],
            stance=place.value["stance"],
            status=place.value["status"],
            start=place.start,
            end=place.end,
        )
        for position, place in enumerate(places, start=1)
    )


def _describe(matter: Matter) -> None:
    """Name the matter and say its kind, status and newest date, from all its documents."""
    documents = list(matter.documents.defer("text", "findings").order_by("dated_on", "read_at", "pk"))
    decisions = Decision.objects.filter(document__matter=matter).values_list("body", "status")
    matter.title = min(documents, key=lambda document: rules.naming_order(document.kind)).title
    matter.municipality = next((document.municipality for document in documents if document.municipality), "")
    matter.kind = rules.matter_kind({d.kind for d in documents}, [d.put_by_members for d in documents])
    matter.status = rules.matter_status(decisions)
    matter.latest_on = max((document.dated_on for document in documents if document.dated_on), default=None)
    matter.save()
