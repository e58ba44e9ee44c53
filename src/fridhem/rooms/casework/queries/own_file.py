"""What a case has in it, for whoever is to read the whole of it outside the house: in words, and as the rows are kept.

Nothing is masked here: what may not leave is the room of disclosures' to say.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.crypto import access
from fridhem.foundation.files.enums import Status
from fridhem.foundation.processes.history import Happened
from fridhem.rooms.casework import catalogue, queries, rules
from fridhem.rooms.casework.models import (
    Assignment,
    BreakGlass,
    Case,
    CaseDocument,
    Decision,
    Extension,
    Intervention,
    Note,
    ProcessEvent,
    Section,
    Step,
)
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.casework.slots import Chapter, Entry, LeftOut, Reader, Row, row_of
from fridhem.rooms.casework.templatetags import casework as words
from fridhem.rooms.persons import queries as persons
from fridhem.rooms.processes import queries as processes

Facts = Iterable[tuple[str, object]]  # text, days and moments; what is empty isn't told

# What isn't given of a case to anyone, and why. Who carries out an intervention and in which district it is are in no register of
# what is protected, so nothing would be masked by them: each of the two can tell where someone lives.
LEFT_OUT = {
    "casework.Case.state": LeftOut("engine", gettext_lazy("Where the process stands, as the program keeps it")),  # as the events
    "casework.Case.district": LeftOut("protected", gettext_lazy("In which district of the municipality the case is")),
    "casework.Step.task": LeftOut("engine", gettext_lazy("What the program calls a step")),
    "casework.Intervention.provider": LeftOut("protected", gettext_lazy("Who carries out an intervention")),
    "casework.CaseLink": LeftOut("other_file", gettext_lazy("Whether the case is linked to other cases, and how")),
    "casework.Wall.user": LeftOut("colleague", gettext_lazy("Which colleague the case was shut to")),
    "persons.ProtectedDetail": LeftOut("protected", gettext_lazy("What protected details say")),
}


def chapters(case_id: UUID, user: User, reader: Reader) -> list[Chapter]:
    """All that a reader may have of a case that was found through `visible_to`. As many queries, however much there is."""
    case = Case.objects.select_related("person", "unit").get(pk=case_id)
    return [
        Chapter(_("The case"), _case(case)),
        Chapter(_("People in the case"), _people(case, user, reader)),
        Chapter(_("Steps"), [_step(one) for one in queries.steps(case)]),
        Chapter(_("The investigation"), _sections(case)),
        Chapter(_("Decisions"), [_decision(one) for one in queries.decisions(case)]),
        Chapter(_("Interventions"), [_intervention(one) for one in queries.interventions(case)]),
        Chapter(_("Journal"), _journal(case, reader)),
        Chapter(_("Time limits that were extended"), _extensions(case)),
        Chapter(_("Documents"), [_document(one) for one in queries.documents(case)]),
        Chapter(_("Who has had, or hasn't had, the case open"), [*_emergencies(case), *_walls(case)]),
        Chapter(_("What has happened in the process"), _events(case)),
    ]


# ── Each kind ─────────────────────────────────────────────────────────────


def _case(case: Case) -> list[Entry]:
    ran = case.process_key != rules.NO_PROCESS
    name = processes.definition(case.process_key, case.process_version).name if ran else ""
    facts = [
        (_("Process"), name),
        (_("Unit"), str(case.unit)),
        (_("Age group"), case.get_age_group_display()),
        (_("Status"), case.get_status_display()),
        (_("Opened"), case.opened_on),
        (_("Closed"), case.closed_on),
        (_("Why it was closed"), case.get_closing_reason_display()),
    ]
    team = Assignment.objects.filter(case=case).select_related("user").order_by("assigned_on", "user__name")
    worked = [_entry(_("Works with the case"), [(_("Name"), one.user.name), (_("Since"), one.assigned_on)], one) for one in team]
    return [_entry(case.number, facts, case), *worked]


def _people(case: Case, user: User, reader: Reader) -> list[Entry]:
    full = _in_full(case, reader)
    return [_person(one, full.get(one.shown.id), reader) for one in queries.members(case, user)]


def _in_full(case: Case, reader: Reader) -> dict[UUID, persons.Shown]:
    """Those whose name and number stand as they are: oneself, and everyone for whoever goes on with the case."""
    if not reader.is_own and not reader.takes_over:
        return {}
    return {one.pk: persons.in_full(one) for one in queries.people(case) if reader.takes_over or one.pk == case.person_id}


def _person(one: queries.Member, full: persons.Shown | None, reader: Reader) -> Entry:
    """Someone in the case. That there are protected details is told only to whom they are about, and never what they say."""
    shown, details = full or one.shown, one.details if reader.is_own and one.is_subject else []
    hidden = "protected" if one.shown.is_protected else "private" if one.shown.identity_number else ""
    facts = [
        (_("Name"), shown.name),
        (_("Personal identity number"), shown.identity_number),
        *((detail.get_kind_display(), _period(detail.valid_from, detail.ended_on)) for detail in details),
    ]
    fields = {"id": str(shown.id), "name": shown.name, "identity_number": shown.identity_number, "role": one.role}
    left_out = "protected" if details else "" if full else hidden
    is_veiled = full is not None and full.is_protected
    return Entry(one.role, _said(facts), rows=[Row("persons.Person", fields)], left_out=left_out, is_veiled=is_veiled)


def _step(step: Step) -> Entry:
    facts = [
        (_("Status"), step.get_status_display()),
        (_("Done by role"), step.get_role_display()),
        (_("Why it's there"), words.ground(step)),
        (_("Talked through with"), words.consulted(step)),
        (_("Begun"), step.opened_at),
        (_("To be done by"), step.assigned_to.name if step.assigned_to else ""),
        (_("Last day"), step.due_date),
        (_("Time limit"), words.law(step)),
        (_("Missed"), step.missed_date),
        (_("Signed"), step.done_at),
        (_("Signed by"), step.done_by.name if step.done_by else ""),
        *words.answers(step),
    ]
    return _entry(step.name, facts, step)


def _decision(one: Decision) -> Entry:
    day, language = one.decided_on, _language()
    reasons = [catalogue.label("refusal_reasons", reason.code, language, on=day) for reason in one.reasons.all()]
    facts = [
        (_("Decided"), day),
        (_("Decided by"), one.decided_by.name),
        (_("By delegation"), words.legal(one, "item")),
        (_("By which law"), words.legal(one, "ground")),
        (_("Investigated by"), one.prepared_by.name if one.prepared_by else ""),
        (_("What is refused"), catalogue.label("interventions", one.refused, language, on=day) if one.refused else ""),
        (_("Why it's refused"), ", ".join(reasons)),
        (_("Told"), one.told_on),
        (_("Last day to appeal"), one.appeal_until),
        (_("How the decision is appealed"), words.legal(one, "appeal") if one.appeal else ""),
    ]
    heading = f"{words.legal(one, 'kind')}: {catalogue.label('outcomes', one.outcome, language, on=day)}"
    return _entry(heading, facts, one, *one.reasons.all(), text=one.motivation)


def _intervention(one: Intervention) -> Entry:
    day, language = one.decided_on, _language()
    reasons = [catalogue.label("reasons", reason.code, language, on=day) for reason in one.reasons.all()]
    facts = [
        (_("Decided"), day),
        (_("Decided by"), one.decided_by.name),
        (_("Why it was granted"), ", ".join(reasons)),
        (_("From"), one.start),
        (_("To"), one.end),
        (_("How it went"), one.get_outcome_display()),
        (_("Followed up on"), one.follow_up_on),
    ]
    return _entry(catalogue.label("interventions", one.kind, language, on=day), facts, one, *one.reasons.all())


def _journal(case: Case, reader: Reader) -> list[Entry]:
    """Every note, oldest first, each followed by what was added to it."""
    return [_note(one, reader) for note in queries.whole_journal(case) for one in (note, *note.additions.all())]


def _note(note: Note, reader: Reader) -> Entry:
    """A note that nobody can change any more is the municipality's, signed or not."""
    late = _("%(days)d days after it happened") % {"days": note.days_late} if note.days_late > 1 else ""
    facts = [
        (_("Written"), note.written_at),
        (_("Written by"), note.author.name),
        (_("About"), note.happened_on),
        (_("Written later"), late),
        (_("Changed"), note.changed_at),
        (_("Signed"), note.signed_at or _("Not signed")),
    ]
    heading = f"{note.get_kind_display()}, {shown(note.happened_on)}"
    if rules.is_draft(note.signed_at, note.open_until, today=reader.on):  # that it is there, never what it says
        rows = [row_of(note, {*LEFT_OUT, "casework.Note.text"})]
        return Entry(heading, _said(facts), rows=rows, left_out="draft")
    return _entry(heading, facts, note, text=note.text)


def _sections(case: Case) -> list[Entry]:
    """In the order of the headings, and under each as it was written."""
    rows: dict[str, list[Section]] = {}
    for one in case.sections.select_related("written_by", "signed_by").order_by("revision"):
        rows.setdefault(one.heading, []).append(one)
    places = [place for chapter in sections.chapters(case) for place in chapter.places]
    return [_section(one, place) for place in places for one in rows.get(place.heading.code, ())]


def _section(one: Section, place: sections.Place) -> Entry:
    is_superseded = bool(one.signed_at and place.signed and one.pk != place.signed.pk)
    facts = [
        (_("Written"), one.written_at),
        (_("Written by"), one.written_by.name),
        (_("Signed"), one.signed_at),
        (_("Signed by"), one.signed_by.name if one.signed_by else ""),
        (_("Holds"), _("No, it was superseded by what was signed later") if is_superseded else ""),
    ]
    name = words.words(place.heading.name)
    if one.signed_at is None:
        return Entry(name, _said(facts), rows=[row_of(one, {*LEFT_OUT, "casework.Section.text"})], left_out="draft")
    return _entry(name, facts, one, text=one.text)


def _extensions(case: Case) -> list[Entry]:
    found = Extension.objects.filter(case=case).select_related("asked_by", "answered_by")
    return [
        _entry(
            processes.limit_law(one.limit, _language()),
            [
                (_("Last day"), one.was),
                (_("New last day"), one.until),
                (_("Asked for"), one.asked_at),
                (_("Asked for by"), one.asked_by.name),
                (_("Answer"), one.get_answer_display()),
                (_("Answered"), one.answered_at),
                (_("Answered by"), one.answered_by.name if one.answered_by else ""),
            ],
            one,
        )
        for one in found
    ]


def _document(one: CaseDocument) -> Entry:
    facts = [(_("Added"), one.file.added_at), (_("Added by"), one.file.added_by.name if one.file.added_by else "")]
    row = row_of(one, LEFT_OUT)
    kept = Row(row.table, {**row.fields, "name": one.file.label["name"], "sha256": one.file.label["sha256"]})
    return Entry(one.file.label["name"], _said(facts), rows=[kept], left_out="" if is_open(one) else "held")


def is_open(document: CaseDocument) -> bool:
    """Whether the content of a document can be given."""
    return document.file.status in (Status.CLEAN, Status.OPENED)


def _emergencies(case: Case) -> list[Entry]:
    found = list(BreakGlass.objects.filter(case=case).select_related("user", "approved_by", "reviewed_by"))
    access.unlock(found)
    return [
        _entry(
            _("Opened in an emergency"),
            [
                (_("By"), one.user.name),
                (_("Why"), one.get_reason_display()),
                (_("Asked for"), one.asked_at),
                (_("Approved by"), one.approved_by.name if one.approved_by else ""),
                (_("Opened"), one.opened_at),
                (_("To"), one.until),
                (_("Reviewed"), one.reviewed_at),
                (_("What the review said"), one.get_outcome_display()),
            ],
            one,
            text="\n\n".join(filter(None, (one.words, one.review))),
        )
        for one in found
    ]


def _walls(case: Case) -> list[Entry]:
    return [
        _entry(
            _("It was shut to a colleague"),
            [(_("Why"), one.get_ground_display()), (_("Said by"), one.said_by.name), (_("Said"), one.said_at)],
            one,
            left_out="colleague",
        )
        for one in queries.walls(case)
    ]


def _events(case: Case) -> list[Entry]:
    found = ProcessEvent.objects.filter(case=case).select_related("by").order_by("number")
    names = dict(case.steps.values_list("node", "name"))
    what = {
        Happened.STARTED: _("The process began"),
        Happened.DONE: _("Done"),
        Happened.TIME_PASSED: _("A time limit passed"),
        Happened.RAISED: _("Something happened that the process has a branch for"),
        Happened.POSTPONED: _("A time limit was extended"),
        Happened.PAUSED: _("A time limit was stopped"),
        Happened.RESUMED: _("A time limit was let go on"),
        Happened.MOVED: _("Moved to another version of the process"),
    }
    return [
        _entry(
            what[Happened(one.what)],
            [(_("Step"), names.get(one.node, one.node)), (_("When"), one.at), (_("By"), one.by.name if one.by else "")],
            one,
        )
        for one in found
    ]


# ── Parts ─────────────────────────────────────────────────────────────────


def _entry(heading: str, facts: Facts, *kept: object, text: str = "", left_out: str = "") -> Entry:
    return Entry(str(heading), _said(facts), text, [row_of(one, LEFT_OUT) for one in kept], left_out)  # type: ignore[arg-type]


def _said(facts: Facts) -> list[tuple[str, str]]:
    """The facts that there are, days and moments as they are read."""
    return [(label, shown(value)) for label, value in facts if value]


def shown(value: object) -> str:
    """A value as it's read."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H.i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def _period(first: date, last: date | None) -> str:
    return f"{shown(first)}–{shown(last) if last else ''}"


def _language() -> str:
    return get_language() or "sv"
