"""What can be done with the files of a case: add, look at, take out; review what is held apart."""

from datetime import datetime

from django.db import transaction

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.files import keeping
from fridhem.foundation.files.keeping import Opened
from fridhem.foundation.files.taking_in import Cleaned, Quarantined
from fridhem.rooms.casework import permissions, rules
from fridhem.rooms.casework.models import Case, CaseDocument


@transaction.atomic
def add_document(case: Case, *, taken: Cleaned | Quarantined, name: str, by: User, at: datetime) -> CaseDocument:
    """Keep a file, cleaned or held apart, in the case. Raises `Denied`, `CaseClosed`."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    permissions.check_may_write(case, by)
    rules.check_open(case.status)
    file = keeping.keep(taken, owner=case, name=name, by=by, at=at)
    document = CaseDocument.objects.create(case=case, file=file)
    record("casework.document.added", subject=document, by=by, at=at, reason=file.status)
    return document


@transaction.atomic
def read_document(document: CaseDocument, *, by: User, at: datetime) -> CaseDocument:
    """Say in the audit log that the document was looked at. Raises `Denied`."""
    permissions.check_may_read(document.case, by)
    record("casework.document.read", subject=document, by=by, at=at)
    return document


@transaction.atomic
def take_out_document(document: CaseDocument, *, by: User, at: datetime) -> Opened:
    """The document to save outside the house; that it left is recorded. Raises `Denied`, `HeldApart`."""
    permissions.check_may_read(document.case, by)
    opened = keeping.content(document.file)
    record("casework.document.taken_out", subject=document, by=by, at=at, reason=document.file.status)
    return opened


@transaction.atomic
def pack_document(document: CaseDocument, *, by: User, at: datetime) -> Opened:
    """As `take_out_document`, by the house for someone whose right was tried when they asked for it. Raises `HeldApart`."""
    opened = keeping.content(document.file)
    record("casework.document.taken_out", subject=document, by=by, at=at, reason=document.file.status)
    return opened


@transaction.atomic
def release_document(document: CaseDocument, *, by: User, at: datetime) -> CaseDocument:
    """Let the original of a held document be opened. Raises `Denied` for the one who added it, `NotNow` when it isn't held."""
    permissions.check_may_review(document, by)
    document.file = keeping.release(document.file, by=by, at=at)
    record("casework.document.released", subject=document, by=by, at=at, reason=document.file.held_because)
    return document


@transaction.atomic
def throw_away_document(document: CaseDocument, *, by: User, at: datetime) -> CaseDocument:
    """Throw away the content of a held document. Raises `Denied` for the one who added it, `NotNow` when it isn't held."""
    permissions.check_may_review(document, by)
    document.file = keeping.remove(document.file, by=by, at=at)
    record("casework.document.thrown_away", subject=document, by=by, at=at, reason=document.file.held_because)
    return document
