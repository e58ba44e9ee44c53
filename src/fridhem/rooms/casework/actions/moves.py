"""Moving cases from one version of their process to another: ordered by the process owner, checked and carried out by the worker.

The process owner reads no case: what is told is how many, and by number which can't be moved and why.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.processes.definition import Definition
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import permissions, rules
from fridhem.rooms.casework.actions import way
from fridhem.rooms.casework.enums import CaseStatus, MoveStatus
from fridhem.rooms.casework.models import Case, Move
from fridhem.rooms.processes import queries as processes

EACH = 25  # cases between two words about how far it has come
FOLLOWED = ["seen", "total", "fits", "stuck"]  # what those who watch see while it goes on
MOST_TOLD = 200  # cases that can't be moved, told by number


@transaction.atomic
def order(
    *, key: str, old: int, new: int, by: User, at: datetime, renames: Mapping[str, str] | None = None, only: str = ""
) -> Move:
    """Ask for the cases on version `old` to be checked against version `new`; `only` one of them, by its number.

    `renames`: which step of the old version became which of the new. Raises `Denied`, `NotNow`.
    """
    permissions.check_may_move(by)
    before, after = processes.definition(key, old), processes.definition(key, new)
    rules.check_other_version(old, new)
    rules.check_renames(before, after, renames or {})
    if Move.objects.filter(key=key, status__in=(MoveStatus.CHECKING, MoveStatus.MOVING)).exists():
        raise NotNow(_("Cases of this process are being checked or moved already: wait until that is done."))
    move = Move.objects.create(
        key=key, old=old, new=new, renames=dict(renames or {}), only=only.strip().upper(), ordered_by=by, ordered_at=at
    )
    record("casework.move.ordered", subject=move, by=by, at=at, reason=f"{key} {old} {new}")
    return move


@transaction.atomic
def confirm(move: Move, *, by: User, at: datetime) -> Move:
    """Let the worker move those that fit. Raises `Denied`, `NotNow` when they haven't been checked, or have been moved."""
    permissions.check_may_move(by)
    move = Move.objects.select_for_update().get(pk=move.pk)
    if move.status != MoveStatus.CHECKED:
        raise NotNow(_("The cases are moved once, after they have been checked."))
    move.status, move.seen = MoveStatus.MOVING, 0
    move.save(update_fields=["status", "seen"])
    record("casework.move.confirmed", subject=move, by=by, at=at)
    return move


# ── By the worker ─────────────────────────────────────────────────────────


def check(move_id: UUID, *, at: datetime) -> Move:
    """Try every case on the new version and say how many fit. Nothing is changed; safe to do again."""
    move = Move.objects.get(pk=move_id)
    if move.status != MoveStatus.CHECKING:
        return move
    definition = processes.definition(move.key, move.new)
    move.seen, move.fits, move.stuck = 0, 0, []
    cases = list(_cases(move))
    move.total = len(cases)
    for id in cases:
        case = Case.objects.get(pk=id)
        why = _why_not(case, definition, move, at=at)
        _told(move, case, why)
        move.fits += not why
    move.status, move.ended_at = MoveStatus.CHECKED, at
    move.save()
    return move


def carry_out(move_id: UUID, *, at: datetime) -> Move:
    """Move every case that fits, each by itself; those that no longer do are told. Safe to do again."""
    move = Move.objects.get(pk=move_id)
    if move.status != MoveStatus.MOVING:
        return move
    definition = processes.definition(move.key, move.new)
    move.seen, move.stuck = 0, []
    for id in list(_cases(move)):
        case, why = _moved(id, definition, move, at=at)
        _told(move, case, why)
    move.status, move.ended_at = MoveStatus.DONE, at
    move.save(update_fields=[*FOLLOWED, "status", "ended_at"])
    move.refresh_from_db()
    return move


def _cases(move: Move) -> Iterator[UUID]:
    """The open cases that the order is about and that are still on the old version."""
    found = Case.objects.filter(process_key=move.key, process_version=move.old, status=CaseStatus.OPEN)
    if move.only:
        found = found.filter(number=move.only)
    return found.order_by("number").values_list("pk", flat=True).iterator(2000)


def _why_not(case: Case, definition: Definition, move: Move, *, at: datetime) -> str:
    try:
        way.tried_on(case, definition, move.renames, at=at)
    except NotNow as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def _moved(id: UUID, definition: Definition, move: Move, *, at: datetime) -> tuple[Case, str]:
    case = Case.objects.select_for_update().get(pk=id)
    if case.status != CaseStatus.OPEN or case.process_version != move.old:
        return case, _("It was closed or moved meanwhile.")
    try:
        way.move_to(case, definition, move.renames, by=None, at=at)
    except NotNow as refusal:
        return case, str(refusal)
    Move.objects.filter(pk=move.pk).update(moved=F("moved") + 1)  # with the case: a worker that dies counts none twice or never
    return case, ""


def _told(move: Move, case: Case, why: str) -> None:
    """Keep how far it has come, for those who watch."""
    move.seen += 1
    if why and len(move.stuck) < MOST_TOLD:
        move.stuck = [*move.stuck, [case.number, why]]
    if move.seen % EACH == 0:
        move.save(update_fields=FOLLOWED)
