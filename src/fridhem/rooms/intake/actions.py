"""What can be done with a concern: by the one who sends it, and by those who assess it.

What the public does leaves no line in the audit log: a line has a time of day, and the public process may not write there.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nacl.public import PublicKey

from fridhem.foundation.accounts.conflicts import tell_of_conflict
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto.fields import Sealed
from fridhem.foundation.crypto.receipts import Mailbox
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework.actions import walls as casework_walls
from fridhem.rooms.casework.enums import WallGround
from fridhem.rooms.disclosures import queries as disclosures
from fridhem.rooms.intake import catalogue, permissions, queries, rules
from fridhem.rooms.intake.enums import Direction, Review, Status
from fridhem.rooms.intake.models import Concern, HandOver, Message, ProtectionAssessment, PublicText, Wall
from fridhem.rooms.intake.queries import OpenMailbox
from fridhem.rooms.intake.rules import Said
from fridhem.rooms.persons import actions as persons

AT_A_TIME = 1000  # concerns that are closed together

# ── The sender ────────────────────────────────────────────────────────────


def receive(*, submission: UUID, mailbox: Mailbox, said: Said, at: datetime, likeness: bytes | None = None) -> Concern:
    """Take in a concern: seal it to the intake zone and, as a copy, to the sender's own mailbox.

    `submission` was made when the form began: however often the same one is sent, there is one concern. One statement, so it's
    there as a whole or not at all. What is sent again with other words isn't lost: it becomes a letter to the first. Needs no
    key but the zone's public half, and no right but INSERT and to read the mailbox whose receipt it was given. `likeness` is
    the flood's mark of what was said, when there is a flood.
    """
    concern = Concern(
        id=submission,
        lookup=mailbox.lookup,
        mailbox_key=bytes(mailbox.key.public_key),
        urgency=said.urgency,
        received_on=timezone.localdate(at),
        likeness=likeness,
    )
    content = {**asdict(said), "at": at.isoformat()}
    concern.body = content
    concern.sender_copy = _for_sender(concern, content, mailbox.key.public_key)
    Concern.objects.bulk_create([concern], ignore_conflicts=True)
    _keep_what_changed(said, queries.mailbox_now(mailbox), at)
    return concern


def _keep_what_changed(said: Said, box: OpenMailbox | None, at: datetime) -> None:
    """When the concern lay there already with other words, add what is said now as a letter; once, however often it's sent."""
    if box is not None and box.told and Said.from_box(box.told) != said:
        words = rules.retold(said)
        write_more(letter=uuid5(box.concern_id, words), box=box, text=words, at=at)


def write_more(*, letter: UUID, box: OpenMailbox, text: str, at: datetime) -> Message:
    """Add to what was said. `letter` was made with the page: the same one sent twice is one letter."""
    message = Message(id=letter, concern_id=box.concern_id, direction=Direction.FROM_SENDER, sent_on=timezone.localdate(at))
    content = {"text": text, "at": at.isoformat()}
    message.box = content
    message.sender_copy = _for_sender(message, content, box.key.public_key)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return message


def _for_sender(row: Concern | Message, content: dict[str, Any], key: PublicKey) -> Sealed:
    field = type(row)._meta.get_field("sender_copy")
    return field.sealed_to(key, content, row)


# ── Those who assess ──────────────────────────────────────────────────────


def list_inbox(*, by: User, at: datetime) -> None:
    """Say that the inbox was looked at: its lines tell who sends and whether there are children, never what was told."""
    permissions.check_may_assess(by)
    record("intake.inbox.listed", subject=None, by=by, at=at)


@transaction.atomic
def read(concern: Concern, *, by: User, at: datetime) -> Concern:
    """Open a concern: every reading is a line in the audit log. The sender sees the first day that someone read it."""
    permissions.check_may_assess(by)
    Concern.objects.filter(pk=concern.pk, seen_on=None).update(seen_on=timezone.localdate(at))
    concern.messages.filter(direction=Direction.FROM_SENDER, seen_on=None).update(seen_on=timezone.localdate(at))
    record("intake.concern.read", subject=concern, by=by, at=at)
    return concern


@transaction.atomic
def assess(concern: Concern, *, by: User, at: datetime) -> Concern:
    """Begin to assess the concern, or take it over, or open it again: from now on it is mine.

    A hand-over that nobody has received yet is taken back.
    """
    permissions.check_may_assess(by)
    concern = _locked(concern)
    rules.check_step(concern.status, Status.ASSESSING)
    concern.hand_overs.filter(received_at=None, withdrawn_at=None).update(withdrawn_at=at)
    concern.assigned_to = by
    concern.close_reason, concern.decided_on = "", None
    _step(concern, Status.ASSESSING)
    record("intake.concern.assessing", subject=concern, by=by, at=at)
    return concern


@transaction.atomic
def answer(concern: Concern, *, text: str, by: User, at: datetime) -> Message:
    """Answer the sender through the mailbox. Possible in every state: a question can come after the decision.

    A mailbox answer leaves the house, so it's held against what is protected in the case. Raises `Denied`, `NotNow`.
    """
    permissions.check_may_assess(by)
    if stopped := stops_answer(concern, text=text, by=by, at=at):
        raise NotNow(" ".join(stopped))
    message = Message(concern=concern, direction=Direction.TO_SENDER, sent_on=timezone.localdate(at), written_by=by)
    content = {"text": text, "at": at.isoformat()}
    message.box = content
    message.sender_copy = _for_sender(message, content, PublicKey(bytes(concern.mailbox_key)))
    message.save(force_insert=True)
    record("intake.concern.answered", subject=concern, by=by, at=at)
    return message


def stops_answer(concern: Concern, *, text: str, by: User, at: datetime) -> list[str]:
    """Why an answer may not leave, in words; nothing when it may. Raises `Denied`."""
    permissions.check_may_assess(by)
    return disclosures.stops(concern.case_id, text=text, by=by, on=timezone.localdate(at))


@transaction.atomic
def assess_protection(concern: Concern, *, outcome: str, note: str, by: User, at: datetime) -> ProtectionAssessment:
    """Write down the immediate protection assessment (omedelbar skyddsbedömning)."""
    permissions.check_may_assess(by)
    assessment = ProtectionAssessment.objects.create(concern=concern, outcome=outcome, note=note, made_at=at, made_by=by)
    record("intake.concern.protection_assessed", subject=concern, by=by, at=at, reason=outcome)
    return assessment


@transaction.atomic
def take_up(
    concern: Concern,
    *,
    kind: str,
    district: str,
    age_group: str,
    summary: str,
    process: str = "",
    name: str = "",
    identity_number: str = "",
    protection: str = "none",
    team: Collection[User] = (),
    by: User,
    at: datetime,
) -> Concern:
    """Look into it: the concern becomes a case on a core process: `process`, or the one that the routine says.

    `district` and `age_group` are casework's codes; `name` and `identity_number` are of the person it's about, empty while nobody
    knows; `protection` is persons'. `team` works with the case together with `by`, at the unit of its first member. `summary` is
    what the case begins with: those who work with it can't open the concern.
    Raises `Denied`, `NotNow`, `UnknownCode`, `NotAnIdentityNumber`.
    """
    permissions.check_may_assess(by)
    concern = _locked(concern)
    rules.check_step(concern.status, Status.TAKEN_UP)
    _check_protection(concern, Status.TAKEN_UP)
    walls = list(queries.walls(concern))
    permissions.check_is_open_to(team, {wall.user_id for wall in walls})
    person = None
    if name:
        person = persons.register(by=by, at=at, name=name, identity_number=identity_number, protection=protection)
    concern.case = casework.open_case(
        by=by,
        at=at,
        district=district,
        process=process or catalogue.process_for(kind, age_group, on=timezone.localdate(at)),
        age_group=age_group,
        person_id=person.pk if person else None,
        unit=next((user.unit for user in team), None),
        team=team,
        summary=summary,
    )
    for wall in walls:
        casework_walls.put_wall(concern.case, user=wall.user, ground=wall.ground, by=by, at=at)
    concern.kind, concern.decided_on = kind, timezone.localdate(at)
    _step(concern, Status.TAKEN_UP)
    record("intake.concern.taken_up", subject=concern, by=by, at=at)
    return concern


@transaction.atomic
def hand_over(concern: Concern, *, receiver: str, kind: str, note: str, by: User, at: datetime) -> HandOver:
    """Give the concern to someone else. It stays in the inbox until they have said that it arrived."""
    permissions.check_may_assess(by)
    concern = _locked(concern)
    rules.check_step(concern.status, Status.HANDED_OVER)
    handed = HandOver.objects.create(concern=concern, receiver=receiver, note=note, handed_at=at, handed_by=by)
    concern.kind, concern.decided_on = kind, timezone.localdate(at)
    _step(concern, Status.HANDED_OVER)
    record("intake.concern.handed_over", subject=concern, by=by, at=at, reason=receiver)
    return handed


@transaction.atomic
def confirm_hand_over(concern: Concern, *, received_by: str, by: User, at: datetime) -> HandOver:
    """Write down who said that the hand-over arrived: its receipt. Raises `NotNow` when none is on its way."""
    permissions.check_may_assess(by)
    handed = _locked(concern).hand_overs.filter(received_at=None, withdrawn_at=None).first()
    if handed is None:
        raise NotNow(_("No hand-over is on its way."))
    handed.received_by, handed.received_at = received_by, at
    handed.save(update_fields=["received_by", "received_at"])
    record("intake.concern.hand_over_received", subject=concern, by=by, at=at, reason=handed.receiver)
    return handed


@transaction.atomic
def close(concern: Concern, *, reason: str, kind: str, by: User, at: datetime) -> Concern:
    """End the assessment without a case, with the reason."""
    permissions.check_may_assess(by)
    concern = _locked(concern)
    rules.check_step(concern.status, Status.CLOSED)
    _check_protection(concern, Status.CLOSED)
    concern.close_reason, concern.kind, concern.decided_on = reason, kind, timezone.localdate(at)
    _step(concern, Status.CLOSED)
    record("intake.concern.closed", subject=concern, by=by, at=at, reason=reason)
    return concern


@transaction.atomic
def close_alike(concern: Concern, *, by: User, at: datetime) -> int:
    """Close, as this one was closed, what came in the same flood word for word the same and nobody has begun with; how many.

    To have read one is to have read them all, its protection assessment included. Raises `NotNow` when this one isn't closed.
    """
    permissions.check_may_assess(by)
    concern = _locked(concern)
    if concern.status != Status.CLOSED:
        raise NotNow(_("Close this one first, then those that are alike."))
    alike = list(queries.alike(concern, by).select_for_update()[:AT_A_TIME])
    for each in alike:
        each.status, each.close_reason = Status.CLOSED, concern.close_reason
        each.kind, each.decided_on = concern.kind, timezone.localdate(at)
        record("intake.concern.closed", subject=each, by=by, at=at, reason=concern.close_reason)
    Concern.objects.bulk_update(alike, ["status", "close_reason", "kind", "decided_on"])
    return len(alike)


@transaction.atomic
def put_wall(concern: Concern, *, user: User, ground: str, by: User, at: datetime) -> Wall:
    """Shut a concern to a colleague (jäv), and with it the case that it becomes. Harmless when it's shut already.

    Raises `Denied`, also for oneself; ValueError for an unknown ground.
    """
    permissions.check_may_wall(user, by)
    defaults = {"ground": WallGround(ground).value, "said_by": by, "said_at": at}
    wall, made = Wall.objects.get_or_create(concern=concern, user=user, defaults=defaults)
    if made:
        record("intake.wall.put", subject=wall, by=by, at=at, reason=wall.ground)
    return wall


@transaction.atomic
def knock(concern: UUID, *, by: User, at: datetime) -> None:
    """Someone asked for a concern that they don't see: a conflict of interest is recorded, and the leaders hear of it."""
    if queries.is_shut(concern):
        tell_of_conflict(Concern(pk=concern), by=by, at=at)


def _locked(concern: Concern) -> Concern:
    return Concern.objects.select_for_update().get(pk=concern.pk)


def _check_protection(concern: Concern, to: str) -> None:
    rules.check_protection(queries.children_of(concern), concern.protection_assessments.count(), to)


def _step(concern: Concern, to: str) -> None:
    """Save where the assessment stands; the sender's words are left as they lie."""
    concern.status = to
    concern.save(update_fields=["status", "assigned_to", "kind", "close_reason", "decided_on", "case"])


# ── The municipality's own words ──────────────────────────────────────────


@transaction.atomic
def publish_text(key: str, language: str, *, title: str, body: str, phone: str = "", by: User, at: datetime) -> PublicText:
    """Publish a reviewed text on the public pages; it takes the place of the one before."""
    permissions.check_may_publish(by)
    text = PublicText.objects.create(
        key=key, language=language, title=title, body=body, phone=phone, review=Review.REVIEWED, published_at=at
    )
    record("intake.text.published", subject=text, by=by, at=at, reason=key)
    return text
