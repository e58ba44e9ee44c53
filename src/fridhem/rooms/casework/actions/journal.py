"""The journal of a case: a note is its writer's draft until it's signed or its time is over; after that it's only added to."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.rooms.casework import permissions, queries, rules
from fridhem.rooms.casework.enums import NoteKind
from fridhem.rooms.casework.models import Case, Note, Step
from fridhem.rooms.processes import queries as processes


@transaction.atomic
def write_note(
    case: Case,
    *,
    by: User,
    at: datetime,
    text: str,
    kind: str = NoteKind.OTHER,
    happened_on: date | None = None,
    sign: bool = False,
    submission: UUID | None = None,
) -> Note:
    """Write in the journal. `happened_on` is the day it's about, today without; `sign` makes it no draft.

    `submission` was made when the form began: however often the same one is sent, there is one note. Raises `Denied`,
    `CaseClosed`.
    """
    permissions.check_may_write(case, by)
    rules.check_open(_locked(case).status)
    rules.check_kind(kind, added=False)
    return write(case, by=by, at=at, kind=NoteKind(kind), text=text, happened_on=happened_on, sign=sign, submission=submission)


@transaction.atomic
def change_note(
    note: Note, *, by: User, at: datetime, text: str, kind: str, happened_on: date, revision: int, sign: bool = False
) -> Note:
    """Put one's own draft right. `revision` is the one that was read: nobody writes over what they haven't seen.

    Raises `Denied`, `NotNow` when it's signed, its time is over, or it was changed meanwhile.
    """
    note = _current(note)
    permissions.check_is_the_writer(note, by)
    rules.check_is_draft(note.signed_at, note.open_until, today=timezone.localdate(at))
    rules.check_is_as_read(note.revision, revision)
    rules.check_kind(kind, added=note.to_id is not None)
    note.text, note.kind, note.happened_on = text, NoteKind(kind).value, happened_on
    note.revision, note.changed_at, note.signed_at = revision + 1, at, at if sign else None
    note.save(update_fields=["text", "kind", "happened_on", "revision", "changed_at", "signed_at"])
    record("casework.note.changed", subject=note, by=by, at=at)
    if sign:
        record("casework.note.signed", subject=note, by=by, at=at)
    return note


@transaction.atomic
def sign_note(note: Note, *, by: User, at: datetime, revision: int) -> Note:
    """Say that a note of one's own is right; from then on it's never changed. Harmless when it's signed already.

    Also a note whose time to be changed is over. Raises `Denied`, `NotNow` when it isn't as it was read.
    """
    note = _current(note)
    permissions.check_is_the_writer(note, by)
    rules.check_is_as_read(note.revision, revision)
    if note.signed_at is None:
        note.signed_at = at
        note.save(update_fields=["signed_at"])
        record("casework.note.signed", subject=note, by=by, at=at)
    return note


@transaction.atomic
def add_to_note(
    note: Note,
    *,
    by: User,
    at: datetime,
    text: str,
    kind: str,
    happened_on: date | None = None,
    sign: bool = False,
    submission: UUID | None = None,
) -> Note:
    """Write an addition or a correction that stands beside a note that can't be changed any more; in a closed case too.

    What is added to an addition stands beside the original. Raises `Denied`, `NotNow` while the note is a draft.
    """
    note = _current(note)
    permissions.check_may_write(note.case, by)
    rules.check_is_final(note.signed_at, note.open_until, today=timezone.localdate(at))
    rules.check_kind(kind, added=True)
    original = note.to or note
    return write(
        note.case,
        by=by,
        at=at,
        kind=NoteKind(kind),
        text=text,
        happened_on=happened_on or original.happened_on,
        sign=sign,
        submission=submission,
        to=original,
    )


@transaction.atomic
def read_note(note: Note, *, by: User, at: datetime) -> Note:
    """Say in the audit log that a note was read by itself. Raises `Denied`."""
    permissions.check_may_read(note.case, by)
    record("casework.note.read", subject=note, by=by, at=at)
    return note


@transaction.atomic
def read_journal(case: Case, *, by: User, at: datetime) -> Case:
    """Say in the audit log that the whole journal was taken out to be printed. Raises `Denied`."""
    permissions.check_may_read(case, by)
    record("casework.journal.taken_out", subject=case, by=by, at=at)
    return case


# ── Parts of the verbs ────────────────────────────────────────────────────


def write(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: NoteKind,
    text: str,
    sign: bool,
    step: Step | None = None,
    happened_on: date | None = None,
    submission: UUID | None = None,
    to: Note | None = None,
) -> Note:
    """The note, written. What is written with an act that can't be undone is signed with it."""
    day = timezone.localdate(at)
    id = queries.note_id(case, by, submission) if submission else uuid4()
    if already := Note.objects.filter(pk=id).first():
        return already
    note = Note.objects.create(
        pk=id,
        case=case,
        step=step,
        to=to,
        kind=kind,
        author=by,
        written_at=at,
        happened_on=happened_on or day,
        open_until=processes.limit("journal_note", on=day).ends(timezone.localtime(at)),
        signed_at=at if sign else None,
        text=text,
    )
    record("casework.note.written", subject=note, by=by, at=at, reason=kind)
    return note


def _locked(case: Case) -> Case:
    """The case as it is now, and nobody else's until the transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)


def _current(note: Note) -> Note:
    """The note as it is now, its case held."""
    case = _locked(note.case)
    note = Note.objects.select_related("to").get(pk=note.pk)
    note.case = case
    return note
