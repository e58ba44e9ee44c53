"""What can be done with the whole file of a case: ask for it, pack it, have it checked, destroy it in time."""

from base64 import b64decode, b64encode
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.destroying import destroy
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.actions.documents import pack_document
from fridhem.rooms.casework.queries.own_file import is_open
from fridhem.rooms.disclosures import actions, catalogue, packing, permissions, rules
from fridhem.rooms.disclosures.enums import ExportStatus, Recipient
from fridhem.rooms.disclosures.models import Disclosure, Export, File
from fridhem.rooms.disclosures.queries import own_file


@transaction.atomic
def preview(
    case: actions.Case,
    *,
    by: User,
    at: datetime,
    recipient: str,
) -> own_file.Given:
    """What would be in the whole file for this recipient, and what not? Kept is the line in the record.

    Raises `Denied`, `NotNow`.
    """
    permissions.check_may_take_out(case, by)
    found = own_file.given(case, by=by, on=timezone.localdate(at), recipient=recipient)
    record("disclosures.case.previewed", subject=case, by=by, at=at, reason=recipient)
    return found


@transaction.atomic
def order(
    case: actions.Case,
    *,
    by: User,
    at: datetime,
    recipient: str,
    to: str,
    ground: str,
    read: str,
    without: Collection[str] = (),
    submission: UUID | None = None,
) -> Export:
    """Ask for the whole file, for someone and on a legal ground. Nothing has left: it's packed, and then checked.

    `read`: the fingerprint of what the preview showed, since what is made is what was read. `without`: ids of the rows that
    stay. `submission` was made when the form began: however often the same one is sent, there is one file.
    Raises `Denied`, `NotNow`, `UnknownCode`.
    """
    permissions.check_may_take_out(case, by)
    casework.visible_to(by).select_for_update().get(pk=case.pk)
    id = uuid5(case.pk, f"{by.pk} {submission}") if submission else uuid4()
    if already := Export.objects.filter(pk=id).first():
        return already
    day, whom = timezone.localdate(at), Recipient(recipient).value
    code = catalogue.grounds().find(ground, on=day).code
    found = own_file.given(case, by=by, on=day, recipient=whom)
    rules.check_is_as_read(read, found.fingerprint)
    content = found.without(without)
    export = Export.objects.create(
        pk=id,
        case=case,
        recipient=whom,
        to=to,
        person_id=found.person,
        ground=code,
        withheld=found.kinds,
        content=content,
        total=len(content["documents"]) + 1,
        ordered_by=by,
        ordered_at=at,
    )
    record("disclosures.export.ordered", subject=export, by=by, at=at, reason=code)
    return export


def pack(export_id: UUID, *, at: datetime) -> Export:
    """Put the file together with its documents; by the house. Done again after an interruption, it's begun anew."""
    export = Export.objects.select_related("case", "ordered_by").get(pk=export_id)
    if export.status != ExportStatus.ORDERED:
        return export
    content: dict[str, Any] = export.content or {}
    files: dict[str, bytes] = {}
    kept = {str(one.pk): one for one in casework.documents(export.case)}
    for number, told in enumerate(content["documents"], 1):
        if not told["left_out"]:
            opened, why = _opened(kept.get(told["id"]), by=export.ordered_by, at=at)
            if opened:
                told["path"] = f"handlingar/{number:03d}.{opened.extension}"
                files[told["path"]] = opened.data
            else:
                told["left_out"] = True
                content["left_out"].append(own_file.not_given(told, why, on=timezone.localdate(at)))
        Export.objects.filter(pk=export.pk, status=ExportStatus.ORDERED).update(seen=number)
    packed = packing.pack(content, files, to=export.to, ground=export.ground, by=export.ordered_by.name, at=at)
    return _packed(export.pk, packed, at=at)


def _opened(document: Any, *, by: User, at: datetime) -> tuple[Any, str]:
    """The content of a document; or None and the code of why: it was held apart since it was asked for, or it's damaged."""
    if document is None or not is_open(document):
        return None, "held"
    try:
        return pack_document(document, by=by, at=at), ""
    except Unopenable:
        return None, "untried"


@transaction.atomic
def _packed(export_id: UUID, packed: bytes, *, at: datetime) -> Export:
    export = Export.objects.select_for_update().get(pk=export_id)
    if export.status == ExportStatus.ORDERED:
        export.status, export.content, export.seen = ExportStatus.MADE, b64encode(packed).decode(), export.total
        export.save(update_fields=["status", "content", "seen"])
        record("disclosures.export.made", subject=export, by=None, at=at)
    return export


@transaction.atomic
def disclose(export: Export, *, by: User, at: datetime) -> Disclosure:
    """Let what was packed be checked: from here it's a disclosure like any other. Raises `Denied`, `NotNow`."""
    export = Export.objects.select_for_update(of=("self",)).select_related("case").get(pk=export.pk)
    permissions.check_may_take_out(export.case, by)
    rules.check_is_made(export.status)
    data = b64decode(export.content or "")
    made = actions.disclose(
        export.case,
        by=by,
        at=at,
        recipient=export.recipient,
        to=export.to,
        ground=export.ground,
        text=_("The whole file of case %(number)s. SHA-256: %(sum)s")
        % {"number": export.case.number, "sum": packing.sum_of(data)},
        documents=[(f"akt-{export.case.number}.zip", data)],
        person=export.person_id,
        withheld=export.withheld,
    )
    export.status, export.content, export.disclosure = ExportStatus.CHECKED, None, made
    export.save(update_fields=["status", "content", "disclosure"])
    record("disclosures.export.checked", subject=export, by=by, at=at)
    return made


def destroy_old(*, at: datetime) -> int:
    """Destroy the files whose days are over, whether they have left or not; by the house. How many."""
    since = at - timedelta(days=catalogue.keeping_days("own_file", on=timezone.localdate(at)))
    late = Export.objects.exclude(status=ExportStatus.DESTROYED).filter(ordered_at__lt=since)
    late = late.filter(Q(disclosure__departure=None) | Q(disclosure__departure__at__lt=since))
    return sum(_destroyed(id, at=at) for id in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _destroyed(export_id: UUID, *, at: datetime) -> bool:
    """The key is the case's, and stays with the case: a backup forgets the file when it forgets the case, or before."""
    export = Export.objects.select_for_update().get(pk=export_id)
    if export.status == ExportStatus.DESTROYED:
        return False
    destroy(File.objects.filter(disclosure=export.disclosure_id))
    export.status, export.content = ExportStatus.DESTROYED, None
    export.save(update_fields=["status", "content"])
    record("disclosures.export.destroyed", subject=export, by=None, at=at)
    return True
