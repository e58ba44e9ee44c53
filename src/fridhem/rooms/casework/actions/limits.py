"""What can be done with a time limit of a case: ask for it to be longer, decide on that, let it stand still and go on.

Why is always written, in the journal; the law or routine behind the time limit says what may be done with it.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, permissions, rules
from fridhem.rooms.casework.actions import way
from fridhem.rooms.casework.enums import ExtensionAnswer, NoteKind
from fridhem.rooms.casework.models import Case, Extension, Note
from fridhem.rooms.casework.queries import limits


@transaction.atomic
def ask_to_extend(case: Case, node: str, *, by: User, at: datetime, until: date, text: str) -> Extension:
    """Ask the team leader to extend the time limit of a step or a part of the process. `text`: why.

    Raises `Denied`, `NotNow` for a day that the law or routine doesn't admit, and while another is asked for.
    """
    case = _locked(case)
    permissions.check_may_write(case, by)
    return _asked(case, node, by=by, at=at, until=until, text=text, kind=NoteKind.ASSESSMENT)


@transaction.atomic
def extend(case: Case, node: str, *, by: User, at: datetime, until: date, text: str) -> Extension:
    """Decide to extend a time limit that nobody has asked for. Raises `Denied`, also where another must have asked, `NotNow`."""
    case = _locked(case)
    permissions.check_may_lead(case, by)
    if limits.one(case, node, on=timezone.localdate(at)).limit.four_eyes:
        raise Denied(_("This time limit is extended by two: ask for it, and another team leader decides."))
    extension = _asked(case, node, by=by, at=at, until=until, text=text, kind=NoteKind.DECISION)
    return _answered(extension, ExtensionAnswer.GRANTED, by=by, at=at)


@transaction.atomic
def answer_extension(extension: Extension, *, by: User, at: datetime, answer: str, text: str) -> Extension:
    """Decide on an extension that was asked for. `text`: the grounds. Raises `Denied`, `NotNow`, ValueError."""
    case = _locked(extension.case)
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    extension.case = case
    permissions.check_may_answer(extension, by)
    rules.check_open(case.status)
    rules.check_waits_for_answer(extension.answer)
    decided = ExtensionAnswer(answer)
    if decided == ExtensionAnswer.GRANTED:
        today = timezone.localdate(at)
        found = limits.one(case, extension.node, on=today)
        rules.check_new_last_day(found.limit, found.clock, extension.until, today=today)
    extension.answer_note = _noted(case, by=by, at=at, text=text, kind=NoteKind.DECISION)
    return _answered(extension, decided, by=by, at=at)


@transaction.atomic
def pause(case: Case, node: str, *, by: User, at: datetime, text: str) -> Case:
    """Let a time limit stand still from today. `text`: why. Raises `Denied`, `NotNow` where the law or routine doesn't let it."""
    case, today = _locked(case), timezone.localdate(at)
    permissions.check_may_lead(case, by)
    rules.check_open(case.status)
    found = limits.one(case, node, on=today)
    rules.check_may_stand_still(found.limit, found.clock, today=today)
    way.pause(case, node, by=by, at=at)
    _noted(case, by=by, at=at, text=text, kind=NoteKind.DECISION)
    record("casework.limit.paused", subject=case, by=by, at=at, reason=node)
    return case


@transaction.atomic
def resume(case: Case, node: str, *, by: User, at: datetime, text: str) -> Case:
    """Let a time limit go on: the days that it stood still are added. `text`: why. Raises `Denied`, `NotNow`."""
    case, today = _locked(case), timezone.localdate(at)
    permissions.check_may_lead(case, by)
    rules.check_open(case.status)
    found = limits.one(case, node, on=today)
    rules.check_stands_still(found.clock)
    assert found.still_since is not None, "what stands still was stopped on a day"
    way.resume(case, node, days=(today - found.still_since).days, by=by, at=at)
    _noted(case, by=by, at=at, text=text, kind=NoteKind.DECISION)
    record("casework.limit.resumed", subject=case, by=by, at=at, reason=node)
    return case


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _noted(case: Case, *, by: User, at: datetime, text: str, kind: NoteKind) -> Note:
    if not text.strip():
        raise NotNow(_("Write why."))
    return actions.write_note(case, by=by, at=at, text=text, kind=kind)


def _asked(case: Case, node: str, *, by: User, at: datetime, until: date, text: str, kind: NoteKind) -> Extension:
    today = timezone.localdate(at)
    rules.check_open(case.status)
    found = limits.one(case, node, on=today)
    rules.check_not_asked(is_asked=found.asked is not None)
    rules.check_new_last_day(found.limit, found.clock, until, today=today)
    assert found.clock.last_day is not None, "what stands still isn't extended"
    extension = Extension.objects.create(
        case=case,
        node=node,
        limit=found.limit.key,
        was=found.clock.last_day,
        until=until,
        four_eyes=found.limit.four_eyes,
        asked_by=by,
        asked_at=at,
        note=_noted(case, by=by, at=at, text=text, kind=kind),
    )
    record("casework.extension.asked", subject=extension, by=by, at=at, reason=found.limit.key)
    return extension


def _answered(extension: Extension, answer: ExtensionAnswer, *, by: User, at: datetime) -> Extension:
    extension.answer, extension.answered_by, extension.answered_at = answer.value, by, at
    extension.save(update_fields=["answer", "answered_by", "answered_at", "answer_note"])
    if answer == ExtensionAnswer.GRANTED:
        way.postpone(extension.case, extension.node, extension.until, by=by, at=at)
    record("casework.extension.answered", subject=extension, by=by, at=at, reason=answer.value)
    return extension
