"""What can be done: assess, hold and lift, propose a list, take lines out, approve, and carry it out with proof."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit import history
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.destroying import Destroyed, check_references, count_keys, destroy, forget
from fridhem.pure.refusals import NotNow
from fridhem.pure.retention.verdict import Outcome as Said
from fridhem.rooms.assessments import disposal as assessments
from fridhem.rooms.casework import disposal as casework
from fridhem.rooms.disclosures import disposal as disclosures
from fridhem.rooms.importing import disposal as importing
from fridhem.rooms.intake import disposal as intake
from fridhem.rooms.persons import disposal as persons
from fridhem.rooms.retention import assessment, catalogue, permissions, queries, rules
from fridhem.rooms.retention.assessment import Judged
from fridhem.rooms.retention.enums import ExclusionReason, HoldGround, LineStatus, ListStatus, MatterKind, Outcome
from fridhem.rooms.retention.models import DisposalList, Hold, Line, Matter, Proof
from fridhem.rooms.reviews import disposal as reviews

BATCH = 1000
VERDICT = ("number", "outcome", "grounds", "kept_to", "due_from", "gone_by", "is_sampled", "assessed_on")
# What stops one matter and not the others: something new points to it, or it changed meanwhile.
STOPPED = (ProtectedError, IntegrityError, NotNow)


# ── Assess ────────────────────────────────────────────────────────────────


@transaction.atomic
def assess(*, at: datetime) -> int:
    """Judge every matter as of today and keep the verdicts; how many there are. By the house: nothing is proposed by it."""
    judged = assessment.everything(at=at)
    count, seen = 0, timezone.localdate(at)
    Matter.objects.update(assessed_on=date.min)
    while batch := [_as_known(found, seen) for found in islice(judged, BATCH)]:
        Matter.objects.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=VERDICT)
        count += len(batch)
    Matter.objects.filter(assessed_on=date.min).delete()
    record("retention.matters.assessed", subject=None, by=None, at=at, reason=str(count))
    return count


def _as_known(found: Judged, day: date) -> Matter:
    verdict = found.verdict
    return Matter(
        id=found.id,
        kind=found.kind,
        number=found.number,
        outcome=Outcome(verdict.outcome),
        grounds=rules.grounds_of(verdict),
        kept_to=verdict.kept_to,
        due_from=verdict.due_from,
        gone_by=verdict.gone_by,
        is_sampled=found.is_sampled,
        assessed_on=day,
    )


# ── Legal hold ────────────────────────────────────────────────────────────


@transaction.atomic
def hold(matter: Matter, *, by: User, at: datetime, ground: str, review_on: date, words: str = "") -> Hold:
    """Put a legal hold: from now on it isn't disposed of, whoever has approved what. `review_on`: when to look at it again.

    Raises `Denied`, `NotNow` when it's already gone, ValueError for an unknown ground.
    """
    permissions.check_may_hold(by)
    if Line.objects.filter(matter=matter.pk, status=LineStatus.DESTROYING).exists():
        raise NotNow(_("It is being destroyed right now."))
    on = {"case_id": matter.pk} if matter.kind == MatterKind.CASE else {"concern_id": matter.pk}
    try:
        with transaction.atomic():
            put = Hold.objects.create(
                **on, ground=HoldGround(ground).value, words=words or None, review_on=review_on, put_by=by, put_at=at
            )
            check_references()
    except IntegrityError:
        raise NotNow(_("It is already gone.")) from None
    Matter.objects.filter(pk=matter.pk).update(
        outcome=Outcome.HOLD, grounds=[rules.LEGAL_HOLD], kept_to=None, due_from=None, gone_by=None
    )
    record("retention.hold.put", subject=put, by=by, at=at, reason=put.ground)
    return put


@transaction.atomic
def lift(put: Hold, *, by: User, at: datetime, words: str) -> Hold:
    """Lift a hold, with the reason. What becomes of the matter is said by the next assessment. Raises `Denied`, `NotNow`."""
    permissions.check_may_lift(by)
    put = Hold.objects.select_for_update().get(pk=put.pk)
    if put.lifted_at:
        raise NotNow(_("The hold has already been lifted."))
    put.lifted_by, put.lifted_at, put.lifted_words = by, at, words
    put.save(update_fields=["lifted_by", "lifted_at", "lifted_words"])
    record("retention.hold.lifted", subject=put, by=by, at=at, reason=put.ground)
    return put


# ── The list ──────────────────────────────────────────────────────────────


@transaction.atomic
def propose(*, by: User, at: datetime) -> DisposalList:
    """Make a list of all that is due today, frozen as it is. Raises `Denied`, `NotNow` when one waits or nothing is due."""
    permissions.check_may_propose(by)
    today = timezone.localdate(at)
    try:
        with transaction.atomic():
            made = DisposalList.objects.create(year=today.year, proposed_by=by, proposed_at=at, digest="")
    except IntegrityError:
        raise NotNow(_("A list already waits for a second person: it must be approved or withdrawn first.")) from None
    taken = Line.objects.filter(list__status=ListStatus.APPROVED, status__in=queries.LEFT).values("matter")
    lines = [_line(made, matter) for matter in queries.due(by, today=today).exclude(pk__in=taken)]
    if not lines:
        raise NotNow(_("Nothing is due today."))
    Line.objects.bulk_create(lines, batch_size=BATCH)
    made.digest = rules.digest_of_list(line.digest for line in lines)
    made.save(update_fields=["digest"])
    record("retention.list.proposed", subject=made, by=by, at=at, reason=made.digest)
    return made


def _line(made: DisposalList, matter: Matter) -> Line:
    rule = rules.disposing(matter.grounds, rules=catalogue.rules(), on=matter.assessed_on)
    assert matter.gone_by is not None, "what is due has a last day"
    salt = secrets.token_bytes(16)
    return Line(
        list=made,
        kind=matter.kind,
        matter=matter.pk,
        number=matter.number,
        rule=rule.key,
        law=rule.law,
        gone_by=matter.gone_by,
        salt=salt,
        digest=rules.digest_of_line(salt, matter.kind, matter.pk, rule.key, matter.gone_by),
    )


@transaction.atomic
def exclude(line: Line, *, by: User, at: datetime, reason: str) -> Line:
    """Take a line out of a list that isn't approved yet. Raises `Denied`, `NotNow`, ValueError for an unknown reason."""
    permissions.check_may_exclude(by)
    found = _locked(line.list)
    if found.status != ListStatus.PROPOSED:
        raise NotNow(_("The list has been decided: lines can no longer be taken out. Put a legal hold instead."))
    line = Line.objects.select_for_update().get(pk=line.pk)
    line.status, line.excluded_by, line.excluded_why = LineStatus.EXCLUDED, by, ExclusionReason(reason).value
    line.save(update_fields=["status", "excluded_by", "excluded_why"])
    record("retention.line.excluded", subject=line, by=by, at=at, reason=line.excluded_why)
    return line


@transaction.atomic
def withdraw(found: DisposalList, *, by: User, at: datetime) -> DisposalList:
    """Give up a list that nobody has approved. Raises `Denied`, `NotNow`."""
    permissions.check_may_exclude(by)
    found = _locked(found)
    rules.check_step(found.status, ListStatus.WITHDRAWN)
    found.status = ListStatus.WITHDRAWN
    found.save(update_fields=["status"])
    record("retention.list.withdrawn", subject=found, by=by, at=at)
    return found


@transaction.atomic
def approve(found: DisposalList, *, by: User, at: datetime, digest: str) -> DisposalList:
    """Decide that what the list holds is destroyed. `digest` is of what the person saw (`queries.seal_now`).

    Raises `Denied`, `NotNow` for the one who proposed it, or when the list has changed since it was read.
    """
    permissions.check_may_approve(by)
    found = _locked(found)
    rules.check_step(found.status, ListStatus.APPROVED)
    rules.check_other_person(found.proposed_by_id, by.pk)
    if queries.seal_now(found) != digest:
        raise NotNow(_("The list has changed since you opened it. Read it again before you approve."))
    found.status, found.approved_by, found.approved_at = ListStatus.APPROVED, by, at
    found.save(update_fields=["status", "approved_by", "approved_at"])
    record("retention.list.approved", subject=found, by=by, at=at, reason=digest)
    return found


# ── Carry it out ──────────────────────────────────────────────────────────


def carry_out(list_id: UUID, *, clock: Callable[[], datetime]) -> int:
    """Destroy what is left of an approved list, one matter at a time; how many lines were settled.

    By the worker. Each matter is judged once more and marked as being destroyed: from there is no way back. Then its rows and its
    proof are one transaction, whose last act is to forget the keys. So it can be interrupted anywhere and begun again, by several
    at once too: nothing is done twice and nothing halfway. Raises as the key service, when it can't be asked.
    """
    settled = 0
    while (line_id := _next_line(list_id)) is not None:
        try:
            if _begin(line_id, at=clock()):
                _destroy(line_id, at=clock())
        except STOPPED as fault:
            _fail(line_id, at=clock(), reason=type(fault).__name__)
        settled += 1
    _finish(list_id, at=clock())
    return settled


def _next_line(list_id: UUID) -> UUID | None:
    left = Line.objects.filter(list=list_id, list__status=ListStatus.APPROVED, status__in=queries.LEFT)
    return left.values_list("id", flat=True).first()


@transaction.atomic
def _begin(line_id: UUID, *, at: datetime) -> bool:
    """Judge the matter of a line once more; whether it's to be destroyed. What is no longer due is spared."""
    line = _locked_line(line_id)
    if line.status != LineStatus.WAITING or line.matter is None:
        return line.status == LineStatus.DESTROYING
    _lock(line)
    found = assessment.one(line.kind, line.matter, at=at)
    is_due = found is not None and found.verdict.outcome == Said.DISPOSE
    line.status = LineStatus.DESTROYING if is_due else LineStatus.SPARED
    line.save(update_fields=["status"])
    if not is_due:
        record("retention.line.spared", subject=line, by=None, at=at)
    return is_due


@transaction.atomic
def _destroy(line_id: UUID, *, at: datetime) -> None:
    """Destroy the matter of a line that was marked for it, unless someone else has."""
    line = _locked_line(line_id)
    if line.status != LineStatus.DESTROYING or line.matter is None:
        return
    destroyed = _rows(line.kind, line.matter, _lock(line), at=at)
    _prove(line, destroyed, at=at)
    check_references()
    history.forget([row for row in destroyed.rows if isinstance(row, UUID)], why="retention")
    forget(destroyed.keys)


def _locked_line(line_id: UUID) -> Line:
    return Line.objects.select_for_update(of=("self",)).select_related("list").get(pk=line_id)


def _lock(line: Line) -> UUID | None:
    """Hold the matter and the person it's about, so that nothing is put on either meanwhile; the person, if there is one."""
    assert line.matter is not None, "asked only for what waits"
    if line.kind == MatterKind.CONCERN:
        intake.lock(line.matter)
        return None
    person_id = next((case.person_id for case in casework.facts([line.matter])), None)
    if person_id:
        persons.lock(person_id)
    casework.lock(line.matter)
    return person_id


def _rows(kind: str, matter_id: UUID, person_id: UUID | None, *, at: datetime) -> Destroyed:
    """Destroy a matter, what belongs to it, and the persons that nobody needs to know of any more."""
    own = {"case": matter_id} if kind == MatterKind.CASE else {"concern": matter_id}
    parts = [destroy(Hold.objects.filter(**own, lifted_at__isnull=False), Matter.objects.filter(pk=matter_id))]
    if kind == MatterKind.CONCERN:
        parts.append(intake.dispose(matter_id, at=at))
    else:
        parts += [intake.dispose(concern, at=at) for concern in intake.of_case(matter_id)]
        parts += [room.dispose(matter_id) for room in (assessments, disclosures, importing, reviews)]
        parts.append(casework.dispose(matter_id, at=at))
    if person_id:
        circle = persons.related(person_id)
        parts += [persons.dispose(one, at=at) for one in (person_id, *sorted(circle)) if not _is_needed(one)]
    return Destroyed.together(parts)


def _is_needed(person_id: UUID) -> bool:
    """Whether a case is about the person or about someone related, or tells what was disclosed to or assessed of the person."""
    is_told = bool(disclosures.persons_told({person_id}) or assessments.persons_assessed({person_id}))
    return is_told or bool(casework.persons_with_cases({person_id, *persons.related(person_id)}))


def _prove(line: Line, destroyed: Destroyed, *, at: datetime) -> None:
    """Write the proof, and take what pointed to the matter out of every list."""
    assert line.list.approved_by_id is not None, "the database keeps every approved list signed"
    proof = Proof.objects.create(
        list=line.list,
        kind=line.kind,
        rule=line.rule,
        law=line.law,
        gone_by=line.gone_by,
        proposed_by_id=line.list.proposed_by_id,
        approved_by_id=line.list.approved_by_id,
        destroyed_at=at,
        rows=len(destroyed.rows),
        keys=count_keys(destroyed.keys),
        destroyed=destroyed.digest,
        line=line.digest,
    )
    Line.objects.filter(matter=line.matter).exclude(pk=line.pk).update(matter=None, number="", salt=None)
    line.status, line.matter, line.number, line.salt = LineStatus.DISPOSED, None, "", None
    line.save(update_fields=["status", "matter", "number", "salt"])
    record("retention.matter.disposed", subject=proof, by=None, at=at, reason=f"{proof.rule} {proof.destroyed}")


@transaction.atomic
def _fail(line_id: UUID, *, at: datetime, reason: str) -> None:
    line = Line.objects.select_for_update().get(pk=line_id)
    line.status = LineStatus.FAILED
    line.save(update_fields=["status"])
    record("retention.line.failed", subject=line, by=None, at=at, reason=reason)


@transaction.atomic
def _finish(list_id: UUID, *, at: datetime) -> None:
    found = DisposalList.objects.select_for_update().get(pk=list_id)
    if found.status == ListStatus.APPROVED and _next_line(list_id) is None:
        found.status, found.finished_at = ListStatus.DONE, at
        found.save(update_fields=["status", "finished_at"])
        record("retention.list.carried_out", subject=found, by=None, at=at)


# ── Parts of the verbs ────────────────────────────────────────────────────


def _locked(found: DisposalList) -> DisposalList:
    return DisposalList.objects.select_for_update().get(pk=found.pk)
