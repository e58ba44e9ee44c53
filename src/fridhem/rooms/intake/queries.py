"""What can be known about concerns: by the staff, and by the one who holds a receipt."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from nacl.public import PrivateKey

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.crypto import access, boxes, receipts
from fridhem.foundation.crypto.box_field import opened
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.rooms.casework.slots import Chapter, Entry, LeftOut, Panel, Reader
from fridhem.rooms.intake import permissions, rules
from fridhem.rooms.intake.enums import Children, Direction, Languages, Relation, Status
from fridhem.rooms.intake.models import Concern, HandOver, Message, PublicText, Wall
from fridhem.rooms.intake.rules import Said
from fridhem.rooms.processes import queries as processes

# ── For the staff ─────────────────────────────────────────────────────────

VIEWS = ("open", "mine", "closed")
_RANK = Case(*(When(urgency=code, then=Value(rank)) for rank, code in enumerate(rules.RANK)), output_field=IntegerField())
_UNREAD = Exists(Message.objects.filter(concern=OuterRef("pk"), direction=Direction.FROM_SENDER, seen_on=None))
_ON_ITS_WAY = Exists(HandOver.objects.filter(concern=OuterRef("pk"), received_at=None, withdrawn_at=None))
_ALIKE = Concern.objects.filter(likeness=OuterRef("likeness"), status=Status.RECEIVED)
_NEEDS_US = Q(status__in=(Status.RECEIVED, Status.ASSESSING)) | Q(on_its_way=True) | Q(unread=True)


@dataclass(frozen=True)
class Letter:
    """One opened letter; `text` is None when its box can't be opened."""

    direction: str
    text: str | None
    at: datetime | date
    by: str = ""
    is_new: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether it goes to the sender."""
        return self.direction == Direction.TO_SENDER


@dataclass(frozen=True)
class Line:
    """A concern as a line of the inbox: what decides its place there, and nothing of what was told."""

    concern: Concern
    children: str
    relation: str
    needs_protection_assessment: bool
    due_on: date

    @property
    def children_label(self) -> str:
        """Whether there are children, in words."""
        return _label(Children, self.children)

    @property
    def relation_label(self) -> str:
        """Who the sender is, in words."""
        return _label(Relation, self.relation)


@dataclass(frozen=True)
class Dossier:
    """A concern opened for the one who assesses it; `said` is None when its box can't be opened."""

    concern: Concern
    said: Said | None
    told_at: datetime | date
    letters: Sequence[Letter]
    assessments: Sequence[Any]
    hand_overs: Sequence[HandOver]
    needs_protection_assessment: bool
    due_on: date

    @property
    def children_label(self) -> str:
        """Whether there are children, in words."""
        return _label(Children, self.said.children if self.said else Children.UNSURE)

    @property
    def relation_label(self) -> str:
        """Who the sender is, in words."""
        return _label(Relation, self.said.relation if self.said else "")

    @property
    def language_label(self) -> str:
        """The language of the page that the sender wrote on."""
        return _label(Languages, self.said.language if self.said else "")

    @property
    def open_hand_over(self) -> HandOver | None:
        """The hand-over that nobody has said to have received, if there is one."""
        return next((each for each in self.hand_overs if each.is_on_its_way), None)


def _label(choices: type[TextChoices], code: str) -> str:
    """A code from a box in words: it may come from anywhere, so an unknown one is shown as it is."""
    return str(dict(choices.choices).get(code, code))


def visible_to(user: User) -> QuerySet[Concern]:
    """The concerns that the person may read: none, or all but those that name the person."""
    if not permissions.assesses(user):
        return Concern.objects.none()
    return Concern.objects.exclude(pk__in=Wall.objects.filter(user=user).values("concern"))


def inbox(user: User, view: str) -> QuerySet[Concern]:
    """The concerns of one of `VIEWS`, most urgent and oldest first; closed ones latest first. Opens nothing.

    Open is what still needs us: also a hand-over that nobody has received, and a closed concern that its sender wrote to.
    Raises `Denied`.
    """
    permissions.check_may_assess(user)
    rows = visible_to(user).annotate(rank=_RANK, unread=_UNREAD, on_its_way=_ON_ITS_WAY)
    rows = rows.select_related("assigned_to").defer("sender_copy")
    match view:
        case "mine":
            rows = rows.filter(_NEEDS_US, assigned_to=user)
        case "closed":
            return rows.exclude(_NEEDS_US).order_by(F("decided_on").desc(nulls_last=True), "id")
        case _:
            rows = rows.filter(_NEEDS_US).exclude(Exists(_ALIKE.filter(id__lt=OuterRef("id"))), status=Status.RECEIVED)
    return rows.order_by("rank", "received_on", "id").annotate(assessed=_assessed())


def _assessed() -> Exists:
    return Exists(Concern.objects.filter(pk=OuterRef("pk"), protection_assessments__isnull=False))


def lines(concerns: Iterable[Concern]) -> list[Line]:
    """One page of `inbox` as lines; opens just these, at once."""
    rows = list(concerns)
    access.unlock(rows, "body")
    return [_line(concern) for concern in rows]


def _line(concern: Concern) -> Line:
    content = _content(concern)
    children = _children(content)
    return Line(
        concern=concern,
        children=children,
        relation=content.get("relation", ""),
        needs_protection_assessment=rules.needs_protection_assessment(children, int(getattr(concern, "assessed", True))),
        due_on=_due_on(concern.received_on),
    )


def alike(concern: Concern, user: User) -> QuerySet[Concern]:
    """The other concerns of the same flood that say the same word for word, that nobody has begun with and the user may read."""
    if concern.likeness is None:
        return Concern.objects.none()
    return visible_to(user).filter(likeness=concern.likeness, status=Status.RECEIVED).exclude(pk=concern.pk)


def is_shut(concern: UUID) -> bool:
    """Whether a conflict of interest shuts the concern to whoever acts, as the database alone can tell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT intake_shut())", [concern])
        return bool(cursor.fetchone()[0])


def walls(concern: Concern) -> QuerySet[Wall]:
    """To whom a concern is shut."""
    return concern.walls.select_related("user", "said_by").order_by("user__name")


def counts(user: User) -> dict[str, int]:
    """How many concerns each of `VIEWS` holds. Raises `Denied`."""
    return {view: inbox(user, view).count() for view in VIEWS}


def caseworkers() -> QuerySet[User]:
    """Who can be given a new case."""
    return User.objects.filter(role=Role.CASEWORKER, is_active=True).select_related("unit").order_by("name")


def waiting(user: User) -> int:
    """How many concerns need someone, for the menu; 0 for those who may not read them."""
    if not permissions.assesses(user):
        return 0
    return visible_to(user).annotate(unread=_UNREAD, on_its_way=_ON_ITS_WAY).filter(_NEEDS_US).count()


def dossier(concern: Concern) -> Dossier:
    """Everything about one concern, opened. Three queries and one question to the key service, whatever it holds."""
    assessments = list(concern.protection_assessments.select_related("made_by").order_by("-made_at"))
    hand_overs = list(concern.hand_overs.select_related("handed_by").order_by("-handed_at"))
    letters = list(concern.messages.select_related("written_by"))
    access.unlock([concern, *assessments, *hand_overs, *letters], "body", "box", "note", "received_by")
    content = _content(concern)
    said = Said.from_box(content) if content else None
    return Dossier(
        concern=concern,
        said=said,
        told_at=_moment(content) or concern.received_on,
        letters=sorted(map(_letter, letters), key=_when),
        assessments=assessments,
        hand_overs=hand_overs,
        needs_protection_assessment=rules.needs_protection_assessment(_children(content), len(assessments)),
        due_on=_due_on(concern.received_on),
    )


def children_of(concern: Concern) -> str:
    """Whether children are concerned, as the sender said; unsure when it can't be read."""
    return _children(_content(concern))


def summary_of(concern: Concern) -> str:
    """What was told, without who told it: where and about whom first, then the sender's words."""
    said = Said.from_box(_content(concern))
    return "\n\n".join(filter(None, (" · ".join(filter(None, (said.where, said.about))), said.what)))


def panel_of_case(case_id: UUID, user: User) -> Panel | None:
    """On a case page: that it began with a concern, and the way there for those who may read it."""
    concern = _of_case(case_id)
    if concern is None:
        return None
    url = reverse("intake:concern", args=[concern.pk]) if permissions.assesses(user) else ""
    context = {"number": concern.number, "received_on": concern.received_on, "url": url}
    return Panel(gettext("The concern it began with"), "intake/staff/_case_panel.html", context)


# Why nothing of these is in the whole file of a case.
LEFT_OUT = {
    "intake.Concern": LeftOut("reporter", gettext_lazy("What a concern says")),
    "intake.Message": LeftOut("reporter", gettext_lazy("What was written to and by the one who reported a concern")),
    "intake.ProtectionAssessment": LeftOut("elsewhere", gettext_lazy("The assessment of protection that a concern was given")),
    "intake.HandOver": LeftOut("elsewhere", gettext_lazy("Whom a concern was handed over to")),
    "intake.Wall": LeftOut("colleague", gettext_lazy("Which colleague a concern was shut to")),
}


def chapters_of_case(case_id: UUID, user: User, reader: Reader) -> list[Chapter]:
    """In the whole file of a case: that it began with a concern, and when that came in."""
    found = _of_case(case_id)
    if found is None:
        return []
    heading = gettext("A concern, received on %(day)s") % {"day": date_format(found.received_on, "j F Y")}
    return [Chapter(gettext("The concern it began with"), [Entry(heading, left_out="reporter")])]


def _of_case(case_id: UUID) -> Concern | None:
    """The number and the day of the concern that a case began with, whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, received_on FROM intake_of_case(%s)", [case_id])
        found = cursor.fetchone()
    return None if found is None else Concern(id=found[0], received_on=found[1])


def _content(concern: Concern) -> Mapping[str, Any]:
    """What lies in the box; nothing when it was damaged or put in by someone who hadn't our form."""
    try:
        content = concern.body
    except Unopenable:
        return {}
    return content if isinstance(content, dict) else {}


def _children(content: Mapping[str, Any]) -> str:
    return content.get("children") or Children.UNSURE


def _letter(message: Message) -> Letter:
    try:
        content = message.box
    except Unopenable:
        content = {}
    return Letter(
        direction=message.direction,
        text=content.get("text"),
        at=_moment(content) or message.sent_on,
        by=message.written_by.name if message.written_by else "",
        is_new=message.direction == Direction.FROM_SENDER and message.seen_on is None,
    )


def _moment(content: Mapping[str, Any]) -> datetime | None:
    """The exact time, which only lies inside the box."""
    try:
        return datetime.fromisoformat(content["at"])
    except (KeyError, TypeError, ValueError):
        return None


def _when(letter: Letter) -> tuple[str, str]:
    """Sorts by day, then by the time of day where it's known."""
    return (str(letter.at)[:10], str(letter.at)[10:])


# ── For the one who holds a receipt ───────────────────────────────────────

_DECOY = "0" * receipts.DIGITS


@dataclass(frozen=True)
class OpenMailbox:
    """A mailbox opened with its receipt. `seen_on` is the day when someone here first read the concern."""

    concern_id: UUID
    key: PrivateKey
    received_on: date
    seen_on: date | None
    letters: Sequence[Letter]
    told: Mapping[str, Any] = field(default_factory=dict)  # what the concern says, as it was sent

    @property
    def has_answer(self) -> bool:
        """Whether we have answered at least once."""
        return any(letter.is_answer for letter in self.letters)


def mailbox_of(receipt: str) -> receipts.Mailbox:
    """The mailbox of a receipt in this municipality. Raises `NotAReceipt`."""
    return receipts.mailbox(receipt, b64decode(settings.FRIDHEM_RECEIPT_SALT))


def open_mailbox(typed: str) -> OpenMailbox | None:
    """The mailbox that the typed receipt opens, or None; the same work is done whatever the reason for a None."""
    try:
        digits, well_formed = receipts.digits_of(typed), True
    except receipts.NotAReceipt:
        digits, well_formed = _DECOY, False
    box = mailbox_of(digits)
    rows = _rows(box.lookup)
    return _opened(box.key, rows) if well_formed and rows else None


def mailbox_now(box: receipts.Mailbox) -> OpenMailbox | None:
    """What lies in a mailbox right now, or None before its concern was received."""
    rows = _rows(box.lookup)
    return _opened(box.key, rows) if rows else None


@dataclass(frozen=True)
class _Row:
    """One row of the database function `intake_mailbox`: the concern itself (without direction), or a letter."""

    concern: UUID
    row: UUID
    direction: str | None
    box: bytes
    day: date
    seen_on: date | None


def _rows(lookup: bytes) -> list[_Row]:
    """All that the public process can read: the boxes of one mailbox, by its lookup value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT concern, row_id, direction, box, day, seen_on FROM intake_mailbox(%s)", [lookup])
        return [_Row(*values) for values in cursor.fetchall()]


def _opened(key: PrivateKey, rows: Sequence[_Row]) -> OpenMailbox:
    first = next(row for row in rows if row.direction is None)
    contents = {row.row: _content_of(row, key) for row in rows}
    letters = sorted((_letter_of(row, contents[row.row]) for row in rows), key=_when)
    return OpenMailbox(first.concern, key, first.day, first.seen_on, letters, contents[first.row])


def _content_of(row: _Row, key: PrivateKey) -> Mapping[str, Any]:
    model = Message if row.direction else Concern
    place = model._meta.get_field("sender_copy").place(model(pk=row.row))
    try:
        content: Mapping[str, Any] = opened(boxes.unseal(row.box, key), place)
    except Unopenable:
        return {}
    return content


def _letter_of(row: _Row, content: Mapping[str, Any]) -> Letter:
    return Letter(
        direction=row.direction or Direction.FROM_SENDER,
        text=content.get("text", content.get("what")),
        at=_moment(content) or row.day,
        by=content.get("by", ""),
    )


def public_texts(language: str, at: datetime) -> dict[str, PublicText]:
    """The municipality's own words by their `TextKey`: the latest published in the language, else in Swedish."""
    known = PublicText.objects.filter(published_at__lte=at, language__in=(language, Languages.SWEDISH))
    ordered = sorted(known, key=lambda text: (text.language == language, text.published_at))
    return {text.key: text for text in ordered}


def _due_on(received: date) -> date:
    """The last day to decide whether to open an investigation."""
    return rules.due_on(received, processes.limit("preliminary_assessment", on=received))
