"""The investigation, written and signed in sections: a signed one is never changed, what is new stands beside it."""

from datetime import datetime

from django.db import transaction

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.rooms.casework import permissions, rules
from fridhem.rooms.casework.models import Case, Section
from fridhem.rooms.casework.queries import sections


@transaction.atomic
def write_section(case: Case, heading: str, *, by: User, at: datetime, text: str, revision: int, sign: bool = False) -> Section:
    """Write under a heading: in its draft, or a new one beside what is signed. `revision` is the one that was read, 0 for none.

    The same text sent twice is saved once. Raises `Denied`, `CaseClosed`, `NotNow` for a heading that the case hasn't, and when
    it was changed meanwhile.
    """
    permissions.check_may_investigate(case, by)
    case = _locked(case)
    rules.check_open(case.status)
    rules.check_heading(heading, sections.outline(case))
    now = sections.newest(case, heading)
    if now and now.already_says(text, by=by, sign=sign):
        return now
    rules.check_is_as_read(now.revision if now else 0, revision)
    draft = now if now and now.signed_at is None else Section(case=case, heading=heading)
    draft.text, draft.revision, draft.written_by, draft.written_at = text, revision + 1, by, at
    draft.signed_by, draft.signed_at = (by, at) if sign else (None, None)
    draft.save()
    record("casework.section.written", subject=draft, by=by, at=at, reason=heading)
    if sign:
        record("casework.section.signed", subject=draft, by=by, at=at, reason=heading)
    return draft


@transaction.atomic
def sign_section(case: Case, heading: str, *, by: User, at: datetime, revision: int) -> Section:
    """Say that what is written under a heading is right; from then on it's never changed. Also in a closed case.

    Whoever investigates may sign what a colleague wrote. Harmless when one has signed it already. Raises `Denied`, `NotNow` when
    nothing is written or it isn't as it was read.
    """
    permissions.check_may_investigate(case, by)
    case = _locked(case)
    now = sections.newest(case, heading)
    rules.check_is_written(is_written=now is not None)
    assert now
    if now.signed_by_id != by.pk:
        rules.check_is_as_read(now.revision, revision)
    if now.signed_at is None:
        now.signed_by, now.signed_at, now.revision = by, at, now.revision + 1
        now.save(update_fields=["signed_by", "signed_at", "revision"])
        record("casework.section.signed", subject=now, by=by, at=at, reason=heading)
    return now


@transaction.atomic
def read_section(section: Section, *, by: User, at: datetime) -> Section:
    """Say in the audit log that what is written under a heading was read. Raises `Denied`."""
    permissions.check_may_read(section.case, by)
    record("casework.section.read", subject=section, by=by, at=at, reason=section.heading)
    return section


@transaction.atomic
def read_investigation(case: Case, *, by: User, at: datetime) -> Case:
    """Say in the audit log that the whole investigation was taken out to be printed. Raises `Denied`."""
    permissions.check_may_read(case, by)
    record("casework.investigation.taken_out", subject=case, by=by, at=at)
    return case


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(case: Case) -> Case:
    """The case as it is now, and nobody else's until the transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)
