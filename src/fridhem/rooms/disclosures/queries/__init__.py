"""What can be known of disclosures: by those who work with the case; of the ledger, by the data protection officer."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.database.acting import Acting, acting
from fridhem.pure.outbound import Parcel, Report, Secret, blacked, check
from fridhem.pure.outbound.checking import Sought, sought, spans_in
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.casework.slots import Panel
from fridhem.rooms.disclosures import catalogue, permissions, rules
from fridhem.rooms.disclosures.enums import ExportStatus, Part, Recipient, State, Unreadable
from fridhem.rooms.disclosures.models import Departure, Disclosure, Export
from fridhem.rooms.persons import queries as persons

Case = Any  # casework's own model, which other rooms name by its door
Upload = tuple[str, bytes]  # a file's name and content

# ── The check ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Checked:
    """What the check said, as it's kept: no value, and no file name that holds one."""

    report: Report
    findings: list[dict[str, Any]]
    unchecked: list[dict[str, str]]

    @property
    def is_stopped(self) -> bool:
        """Whether anything was found or couldn't be read."""
        return bool(self.findings or self.unchecked)


def checked(
    case: UUID, *, by: User, on: date, recipient: str, person: UUID | None = None, text: str = "", files: Sequence[Upload] = ()
) -> Checked:
    """Hold a text and files against everything protected in the matter that isn't for this recipient."""
    secrets, unopened = held(case, by=by, on=on, recipient=recipient, person=person)
    report = check(Parcel(text, files), secrets, common=[settings.FRIDHEM_MUNICIPALITY])
    names = _names(report, files)
    findings = [
        {
            "whose": one.whose,
            "kind": one.kind,
            "file": _told(one.file, names),
            "part": one.part,
            "page": one.page,
            "paragraph": one.paragraph,
        }
        for one in report.findings
    ]
    unchecked = [{"file": _told(one.file, names), "reason": one.reason} for one in report.unchecked]
    unchecked += [{"file": "", "reason": Unreadable.VALUE.value}] * unopened
    return Checked(report, _distinct(findings), _distinct(unchecked))


def held(case: UUID, *, by: User, on: date, recipient: str, person: UUID | None) -> tuple[list[Secret], bool]:
    """The values that are held against a recipient, and whether one of them couldn't be opened.

    The machine compares, nobody sees: so it's done in the zones of the values whoever asks, on the asker's account, and for
    everyone in the matter and in the cases linked to it, also those whom the asker isn't shown.
    """
    who = Acting(by.pk, "disclosures:check", by.role, by.unit_id, frozenset({Zone.CASE, Zone.PROTECTED}))
    subjects = casework.subjects_of(case)
    with acting(who):
        values = dict.fromkeys(value for subject in subjects for value in persons.held_values(subject))
    rows = catalogue.withheld()
    against = [
        one
        for one in values
        if one.person != person and rules.is_held(rows, recipient=recipient, kind=one.kind, protection=one.protection, on=on)
    ]
    return [Secret(str(one.person), one.kind, one.value) for one in against if one.value is not None], any(
        one.value is None for one in against
    )


def _outermost(file: str) -> str:
    return file.partition(" › ")[0]


def _told(file: str, names: Mapping[str, str]) -> str:
    """What a file is called on the page, with the place in it of a file that lies in it; not when its name was changed."""
    outermost, _sign, inner = file.partition(" › ")
    name = names.get(outermost, "")
    return f"{name} › {inner}" if inner and name == outermost else name


def _names(report: Report, files: Sequence[Upload]) -> dict[str, str]:
    """What each file is called on the page: by its number when its name, or one in it, holds what was found."""
    telling = {_outermost(one.file) for one in report.findings if one.part == "file_name"}
    return {name: _("file %(number)d") % {"number": n} if name in telling else name for n, (name, _data) in enumerate(files, 1)}


def _distinct(rows: list[Any]) -> list[Any]:
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


@dataclass(frozen=True)
class Seen:
    """A part of a case as a party would see it: blacked out where something is withheld, empty when all of it is, and why."""

    what: str
    on: date
    text: str
    why: list[str]


def insight(case: Case, notes: Iterable[Any], *, by: User, on: date, recipient: str, person: UUID | None = None) -> list[Seen]:
    """What a party would see of these notes of a case, of its investigation, decisions and documents, oldest first.

    What isn't finished isn't shown, nor what can't be tried: a file, or anything while a protected detail can't be opened.
    """
    secrets, unopened = held(case.pk, by=by, on=on, recipient=recipient, person=person)
    wanted = looked_for(secrets)
    roles = {str(one.shown.id): one.role for one in casework.members(case, by)}
    written = [one for note in notes for one in (note, *note.additions.all())]
    found = [_seen_note(one, wanted, roles) for one in written]
    places = [place for chapter in sections.chapters(case) for place in chapter.places]
    found += [_seen_section(place, wanted, roles) for place in places if place.newest]
    found += [_seen(_("Decision"), one.decided_on, one.motivation, wanted, roles) for one in casework.decisions(case)]
    tried = _("Documents are tried one by one, as files, when they are disclosed.")
    found += [Seen(_("Document"), timezone.localdate(one.file.added_at), "", [tried]) for one in casework.documents(case)]
    if unopened:
        found = [Seen(one.what, one.on, "", [str(Unreadable.VALUE.label)]) for one in found]
    return sorted(found, key=lambda one: one.on)


def _seen_note(note: Any, wanted: Sought, roles: Mapping[str, str]) -> Seen:
    what, on = str(note.get_kind_display()), timezone.localdate(note.written_at)
    draft = Seen(what, on, "", [_("The note isn't signed: it's a draft.")])
    return _seen(what, on, note.text, wanted, roles) if note.signed_at else draft


def _seen_section(place: sections.Place, wanted: Sought, roles: Mapping[str, str]) -> Seen:
    """What is signed under a heading, also while something newer is written beside it."""
    row = place.signed or place.newest
    assert row is not None
    what = _("Investigation: %(heading)s") % {"heading": place.heading.name.in_(get_language() or "sv")}
    on = timezone.localdate(row.signed_at or row.written_at)
    draft = Seen(what, on, "", [_("The section isn't signed: it's a draft.")])
    return _seen(what, on, row.text, wanted, roles) if row.signed_at else draft


def _seen(what: str, on: date, text: str, wanted: Sought, roles: Mapping[str, str]) -> Seen:
    """A text with what must not be learnt blacked out. What hides in another reading of it can't be, so then nothing is shown."""
    shown, report = masked(text, wanted)
    why = [f"{persons.kind_label(one.kind)}: {roles.get(one.whose, _('someone in the matter'))}" for one in report.findings]
    why += [str(Unreadable(one.reason).label) for one in report.unchecked]
    return Seen(what, on, shown, list(dict.fromkeys(why)))


def looked_for(secrets: Collection[Secret]) -> Sought:
    """What to hold many texts against, one by one."""
    return sought(secrets, [settings.FRIDHEM_MUNICIPALITY])


def masked(text: str, wanted: Sought) -> tuple[str, Report]:
    """A text with what must not be learnt blacked out, and what was found; empty when it hides where it can't be blacked out."""
    report = check(Parcel(text), wanted)
    is_plain = not report.unchecked and all(place == 0 for place in report.found_in)
    return blacked(text, spans_in(report, 0)) if is_plain else "", report


def stops(case: UUID | None, *, text: str, by: User, on: date) -> list[str]:
    """Why a text to the one who reported a concern may not leave, in words; nothing when it may."""
    if case is None:
        return []
    found = checked(case, by=by, on=on, recipient=Recipient.REPORTER, text=text)
    kinds = dict.fromkeys(persons.kind_label(one["kind"]) for one in found.findings)
    words = [_("The text tells something protected: %(kinds)s.") % {"kinds": ", ".join(kinds)}] if kinds else []
    return words + [str(Unreadable(one["reason"]).label) for one in found.unchecked]


# ── Disclosures ───────────────────────────────────────────────────────────


def visible_to(user: User) -> QuerySet[Disclosure]:
    """The disclosures of the cases that the user works with."""
    if not permissions.discloses(user):
        return Disclosure.objects.none()
    return _with_state(Disclosure.objects.filter(case__in=casework.visible_to(user)))


def of_case(case: Case, user: User) -> QuerySet[Disclosure]:
    """What has been disclosed in a case, or was about to."""
    return visible_to(user).filter(case=case).select_related("made_by")


def _with_state(rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    has_left = Exists(Departure.objects.filter(disclosure=OuterRef("pk")))
    return rows.annotate(allowed=Count("allowances", distinct=True), has_left=has_left).order_by("-made_at", "pk")


def state_of(disclosure: Any) -> State:
    """Where a disclosure stands."""
    allowed = getattr(disclosure, "allowed", None)
    has_left = getattr(disclosure, "has_left", None)
    return rules.state_of(
        is_stopped=disclosure.is_stopped,
        allowances=disclosure.allowances.count() if allowed is None else allowed,
        has_left=Departure.objects.filter(disclosure=disclosure).exists() if has_left is None else has_left,
    )


@dataclass(frozen=True)
class Line:
    """One line about something that was found: what kind of value, whose, where."""

    kind: str
    whose: str
    file: str
    part: str
    page: int | None
    paragraph: int


def is_destroyed(disclosure: Disclosure) -> bool:
    """Whether its file, the whole of a case, was kept for its days and is gone."""
    return Export.objects.filter(disclosure=disclosure, status=ExportStatus.DESTROYED).exists()


def lines(disclosure: Disclosure, user: User) -> list[Line]:
    """What was found, in words; whose it is by the role in the matter, never by name."""
    roles = {str(one.shown.id): one.role for one in casework.members(disclosure.case, user)}
    return [
        Line(
            kind=persons.kind_label(one["kind"]),
            whose=roles.get(one["whose"], _("someone in the matter")),
            file=one["file"],
            part=str(Part(one["part"]).label),
            page=one["page"],
            paragraph=one["paragraph"],
        )
        for one in disclosure.findings
    ]


def faults(disclosure: Disclosure) -> list[tuple[str, str]]:
    """What couldn't be checked, in words: the file and why."""
    return [(one["file"], str(Unreadable(one["reason"]).label)) for one in disclosure.unchecked]


def files(disclosure: Disclosure) -> QuerySet[Any]:
    """The files, without their content."""
    return disclosure.files.defer("content")


def allowances(disclosure: Disclosure) -> QuerySet[Any]:
    """Who has let it pass, and why."""
    return disclosure.allowances.select_related("by")


def departure(disclosure: Disclosure) -> Departure | None:
    """How and when it left, if it has."""
    return Departure.objects.filter(disclosure=disclosure).select_related("by").first()


ON_ITS_WAY = (ExportStatus.ORDERED, ExportStatus.MADE)


def exports(user: User) -> QuerySet[Export]:
    """The whole files that are made of the cases that the user works with, newest first."""
    if not permissions.discloses(user):
        return Export.objects.none()
    found = Export.objects.filter(case__in=casework.visible_to(user)).defer("content")
    return found.select_related("case__person", "case__unit", "ordered_by", "disclosure")


def panel_of_case(case_id: UUID, user: User) -> Panel | None:
    """On a case page: the latest disclosures, and the way to make one."""
    if not permissions.discloses(user):
        return None
    found = casework.visible_to(user).get(pk=case_id)
    rows = [(row, state_of(row).label) for row in of_case(found, user)[:5]]
    context = {"rows": rows, "number": found.number, "url": reverse("disclosures:of-case", args=[found.number])}
    return Panel(_("Disclosures"), "disclosures/_case_panel.html", context)


# ── The ledger ────────────────────────────────────────────────────────────


def ledger(user: User, *, search: str = "", recipient: str = "", state: str = "") -> QuerySet[Disclosure]:
    """Everything that has left or was stopped, latest first, without what was in it. Raises `Denied`.

    `search` is part of a case number or of the name of the one who decided.
    """
    permissions.check_may_read_ledger(user)
    rows = _with_state(Disclosure.objects.all()).select_related("made_by").prefetch_related("allowances__by", "departure")
    rows = rows.defer("to", "text", "findings", "unchecked")
    if search:
        rows = rows.filter(Q(number__icontains=search) | Q(made_by__name__icontains=search))
    if recipient in Recipient.values:
        rows = rows.filter(recipient=recipient)
    return rows.filter(STATES[state]) if state in STATES else rows


STATES: Mapping[str, Q] = {
    State.LEFT: Q(has_left=True),
    State.READY: Q(has_left=False) & (Q(is_stopped=False) | Q(allowed__gte=2)),
    State.HALF_ALLOWED: Q(has_left=False, is_stopped=True, allowed=1),
    State.STOPPED: Q(has_left=False, is_stopped=True, allowed=0),
}


def ledger_rows(rows: Collection[Any], language: str) -> Iterator[dict[str, Any]]:
    """The lines of the ledger in words, for a page or a file."""
    for row in rows:
        left = getattr(row, "departure", None) if row.has_left else None
        yield {
            "at": row.made_at,
            "case": row.number,
            "recipient": row.get_recipient_display(),
            "ground": catalogue.ground_label(row.ground, language),
            "by": row.made_by.name,
            "state": state_of(row).label,
            "withheld": ", ".join(persons.kind_label(kind) for kind in row.withheld),
            "allowed_by": ", ".join(one.by.name for one in row.allowances.all()),
            "left_at": left.at if left else None,
            "way": left.get_way_display() if left else "",
        }
