"""What can be done about what leaves: prepare and check it, let it pass although it was stopped, let it leave."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.pure.outbound import blacked
from fridhem.pure.outbound.checking import spans_in
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.actions.documents import take_out_document
from fridhem.rooms.disclosures import catalogue, permissions, queries, rules
from fridhem.rooms.disclosures.enums import Recipient, Way
from fridhem.rooms.disclosures.models import Allowance, Departure, Disclosure, File
from fridhem.rooms.disclosures.queries import Upload

Case = Any  # casework's own model, which other rooms name by its door


@transaction.atomic
def disclose(
    case: Case,
    *,
    by: User,
    at: datetime,
    recipient: str,
    to: str,
    ground: str,
    text: str = "",
    documents: Sequence[Upload] = (),
    kept: Collection[UUID] = (),
    person: UUID | None = None,
    withheld: Collection[str] = (),
) -> Disclosure:
    """Prepare something that is to leave, and check it: it's stopped by what must not leave and by what can't be read.

    `recipient`: who it is to the people of the matter; `to`: the name. `person`: who of them it is, if one. `ground`: a code
    that is valid on the day. `kept`: which of the case's own documents go with it. `withheld`: kinds that were left out on
    purpose. Nothing has left yet.
    Raises `Denied`, `NotNow`, `UnknownCode`.
    """
    permissions.check_may_disclose(case, by)
    documents = [*documents, *_taken_out(case, kept, by=by, at=at)]
    rules.check_something(text, documents)
    day = timezone.localdate(at)
    whom = Recipient(recipient).value
    found = queries.checked(case.pk, by=by, on=day, recipient=whom, person=person, text=_envelope(to, text), files=documents)
    disclosure = Disclosure.objects.create(
        case=case,
        number=case.number,
        recipient=whom,
        to=to,
        person_id=person,
        ground=catalogue.grounds().find(ground, on=day).code,
        text=text,
        withheld=sorted(withheld),
        findings=found.findings,
        unchecked=found.unchecked,
        is_stopped=found.is_stopped,
        made_by=by,
        made_at=at,
    )
    for name, data in documents:
        _keep(disclosure, name, data)
    record("disclosures.disclosure.made", subject=disclosure, by=by, at=at, reason=ground)
    if found.is_stopped:
        record("disclosures.disclosure.stopped", subject=disclosure, by=by, at=at)
        roles = [Role.TEAM_LEADER]
        alert(AlertKind.OUTBOUND_STOPPED, subject=disclosure, about_user=by, at=at, roles=roles, unit=case.unit_id)
    return disclosure


@transaction.atomic
def allow(disclosure: Disclosure, *, by: User, at: datetime, reason: str) -> Allowance:
    """Let what was stopped pass, as the first or the second of two different people. The second must open what is protected.

    Raises `Denied`, `NotNow`, ValueError without a reason.
    """
    disclosure = _locked(disclosure, by)
    first = disclosure.allowances.first()
    place = 1 if first is None else 2
    permissions.check_may_allow(disclosure.case, by, place=place)
    rules.check_may_be_allowed(queries.state_of(disclosure), first=first.by_id if first else None, by=by.pk)
    if not reason.strip():
        raise ValueError("Whoever lets something pass says why.")
    allowance = Allowance.objects.create(disclosure=disclosure, case=disclosure.case, place=place, by=by, at=at, reason=reason)
    record("disclosures.disclosure.allowed", subject=disclosure, by=by, at=at, reason=str(place))
    if place == 2:
        alert(AlertKind.OUTBOUND_ALLOWED, subject=disclosure, about_user=by, at=at, roles=[Role.PRIVACY_OFFICER])
    return allowance


@transaction.atomic
def let_leave(disclosure: Disclosure, *, by: User, at: datetime, way: str) -> Departure:
    """Say that it leaves now, and how; it's checked once more first. Raises `Denied`, `NotNow`."""
    disclosure = _locked(disclosure, by)
    rules.check_may_leave(queries.state_of(disclosure))
    rules.check_is_there(is_destroyed=queries.is_destroyed(disclosure))
    found = queries.checked(
        disclosure.case_id,
        by=by,
        on=timezone.localdate(at),
        recipient=disclosure.recipient,
        person=disclosure.person_id,
        text=_envelope(disclosure.to, disclosure.text),
        files=[(file.about["name"], b64decode(file.content)) for file in disclosure.files.all()],
    )
    rules.check_nothing_new([*disclosure.findings, *disclosure.unchecked], [*found.findings, *found.unchecked])
    departure = Departure.objects.create(disclosure=disclosure, by=by, at=at, way=Way(way).value)
    record("disclosures.disclosure.left", subject=disclosure, by=by, at=at, reason=way)
    return departure


@transaction.atomic
def read(disclosure: Disclosure, *, by: User, at: datetime) -> Disclosure:
    """Say in the record that a disclosure was read. Raises `Denied`."""
    permissions.check_may_disclose(disclosure.case, by)
    record("disclosures.disclosure.read", subject=disclosure, by=by, at=at)
    return disclosure


@transaction.atomic
def fetch(disclosure: Disclosure, file: UUID | None, *, by: User, at: datetime) -> Upload:
    """A file that has left (the text without one), to be handed on. Raises `Denied`, and `NotNow` before it has left."""
    permissions.check_may_disclose(disclosure.case, by)
    if queries.departure(disclosure) is None:
        raise NotNow(_("Say first how it leaves. Until then nothing can be fetched."))
    record("disclosures.disclosure.fetched", subject=disclosure, by=by, at=at)
    if file is None:
        return f"{_('letter')}.txt", disclosure.text.encode()
    found = get_object_or_404(disclosure.files.all(), pk=file)
    return found.about["name"], b64decode(found.content)


@transaction.atomic
def read_ledger(*, by: User, at: datetime) -> None:
    """Say in the record that the ledger was read. Raises `Denied`."""
    permissions.check_may_read_ledger(by)
    record("disclosures.ledger.read", subject=None, by=by, at=at)


@dataclass(frozen=True)
class Preview:
    """A part of what someone would read, with what they must not learn blacked out."""

    file: str
    part: str
    text: str
    hits: int


@transaction.atomic
def preview(
    case: Case,
    *,
    by: User,
    at: datetime,
    recipient: str,
    text: str = "",
    documents: Sequence[Upload] = (),
    person: UUID | None = None,
) -> tuple[list[Preview], queries.Checked]:
    """What would this recipient learn? Nothing is kept but the line in the record. Raises `Denied`, `NotNow`."""
    permissions.check_may_disclose(case, by)
    rules.check_something(text, documents)
    found = queries.checked(
        case.pk, by=by, on=timezone.localdate(at), recipient=recipient, person=person, text=text, files=documents
    )
    record("disclosures.case.previewed", subject=case, by=by, at=at, reason=recipient)
    shown = []
    for place, piece in enumerate(found.report.pieces):
        spans = spans_in(found.report, place)
        if piece.text.strip() and (spans or piece.part in {"text", "cell"}):
            shown.append(Preview(piece.file and _("file"), piece.part, blacked(piece.text, spans), len(spans)))
    return shown, found


@transaction.atomic
def insight(
    case: Case, notes: Iterable[Any], *, by: User, at: datetime, recipient: str, person: UUID | None = None
) -> list[queries.Seen]:
    """What would a party see of the case: these notes, its investigation, decisions, documents? Kept is a line in the record.

    Raises `Denied`.
    """
    permissions.check_may_disclose(case, by)
    found = queries.insight(case, notes, by=by, on=timezone.localdate(at), recipient=Recipient(recipient).value, person=person)
    record("disclosures.case.previewed", subject=case, by=by, at=at, reason=recipient)
    return found


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(disclosure: Disclosure, by: User) -> Disclosure:
    """The disclosure, and nobody else's until the transaction ends. What is only added to can't be locked, so its case is."""
    permissions.check_may_disclose(disclosure.case, by)
    casework.visible_to(by).select_for_update().get(pk=disclosure.case_id)
    return Disclosure.objects.select_related("case").get(pk=disclosure.pk)


def _taken_out(case: Case, kept: Collection[UUID], *, by: User, at: datetime) -> list[Upload]:
    """Documents of the case as files, called as they are there."""
    found = [
        (one.file.label["name"], take_out_document(one, by=by, at=at)) for one in casework.documents(case).filter(pk__in=kept)
    ]
    return [(f"{PurePath(name).stem}.{opened.extension}", opened.data) for name, opened in found]


def _envelope(to: str, text: str) -> str:
    """What is written on the outside is held against the same values as what is inside."""
    return f"{to}\n\n{text}"


def _keep(disclosure: Disclosure, name: str, data: bytes) -> None:
    File.objects.create(
        disclosure=disclosure,
        case=disclosure.case,
        about={"name": name, "sha256": hashlib.sha256(data).hexdigest()},
        content=b64encode(data).decode(),
        kind=PurePath(name).suffix.lower().lstrip(".")[:12],
        size=len(data),
    )
