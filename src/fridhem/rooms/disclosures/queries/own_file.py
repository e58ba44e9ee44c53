"""What of the whole file of a case may be given to someone: every part with what is withheld blacked out, and why it is.

It's made in the process of whoever asks: the worker can't open what is protected, and so can't hold anything against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from fridhem.foundation.accounts.models import User
from fridhem.pure.outbound import Secret
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.queries import own_file as kept
from fridhem.rooms.casework.slots import Chapter, Entry, Row, own_file, row_of
from fridhem.rooms.disclosures import catalogue, queries, rules
from fridhem.rooms.disclosures.models import Allowance, Departure, Disclosure, File
from fridhem.rooms.persons import queries as persons

Case = Any  # casework's own model, which other rooms name by its door
LANGUAGE = "sv"  # the file is the municipality's own, whatever the one who makes it reads


@dataclass(frozen=True)
class Given:
    """The whole file as someone is given it. `content` is JSON: see `schemas/own_file-1.json`. `kinds` were masked somewhere."""

    content: dict[str, Any]
    kinds: list[str]

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """Each chapter with how much is in it, and of that how much isn't given in full."""
        return [
            (one["heading"], len(one["entries"]), sum(bool(entry["left_out"]) for entry in one["entries"]))
            for one in self.content["chapters"]
        ]


def given(case: Case, *, by: User, on: date, recipient: str, person: UUID | None = None, without: Collection[UUID] = ()) -> Given:
    """All that is kept of a case, as this recipient may have it. `without`: documents that stay. Raises `NotNow`."""
    secrets, unopened = queries.held(case.pk, by=by, on=on, recipient=recipient, person=person)
    rules.check_can_be_tried(unopened=unopened)
    pen = Pen(secrets, on)
    with override(LANGUAGE):
        chapters = [
            {"heading": one.heading, "entries": [pen.entry(entry) for entry in one.entries]}
            for one in own_file.chapters(case.pk, by)
        ]
        documents, missing = _documents(case, without, pen)
        content = {
            "number": case.number,
            "unit": str(case.unit),
            "on": on.isoformat(),
            "chapters": chapters,
            "documents": documents,
            "left_out": [*_in_part(chapters), *missing],
            "columns": [{"what": key, "why": _why(code, on)} for key, code in own_file.left_out.items()],
        }
    return Given(content, sorted(pen.kinds))


def _documents(case: Case, without: Collection[UUID], pen: "Pen") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The files of the documents, and what is said of those that don't go along."""
    given, missing = [], []
    for one in casework.documents(case):
        code = "chosen" if one.pk in without else "" if kept.is_open(one) else "held"
        told = {"id": str(one.pk), "name": pen.text(one.file.label["name"])[0], "left_out": bool(code)}
        given.append(told)
        missing += [not_given(told, code, on=pen.on)] if code else []
    return given, missing


def not_given(document: Mapping[str, Any], code: str, *, on: date) -> dict[str, Any]:
    """What is said of a document whose file doesn't go along."""
    with override(LANGUAGE):
        return {"where": f"{_('File')}: {document['name']}", "why": [_why(code, on)]}


def _in_part(chapters: Collection[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where in the file something isn't given, and why."""
    return [
        {"where": f"{chapter['heading']}: {entry['heading']}", "why": entry["left_out"]}
        for chapter in chapters
        for entry in chapter["entries"]
        if entry["left_out"]
    ]


def _why(code: str, on: date) -> str:
    return casework.code_list("left_out").label_of(code, LANGUAGE, on=on)


@dataclass
class Pen:
    """Blacks out what someone must not learn, the same words once, and says why. `kinds`: what it has met."""

    secrets: Collection[Secret]
    on: date
    kinds: set[str] = field(default_factory=set)
    _known: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict, repr=False)

    def text(self, words: str) -> tuple[str, frozenset[str]]:
        """The words as they may be read, and the codes of why some of them may not."""
        if words not in self._known:
            self._known[words] = self._tried(words)
        return self._known[words]

    def _tried(self, words: str) -> tuple[str, frozenset[str]]:
        if not words.strip():
            return words, frozenset()
        shown, report = queries.masked(words, self.secrets)
        kinds = {one.kind for one in report.findings}
        self.kinds |= kinds
        codes = {catalogue.secrecy(kind, on=self.on) for kind in kinds}
        return shown, frozenset(codes | ({"untried"} if report.unchecked else set()))

    def entry(self, entry: Entry) -> dict[str, Any]:
        """A part of the file as it may be read."""
        codes = {entry.left_out} - {""}

        def tried(words: str) -> str:
            shown, found = self.text(words)
            codes.update(found)
            return shown

        return {
            "heading": tried(entry.heading),
            "facts": [{"label": tried(label), "value": tried(value)} for label, value in entry.facts],
            "text": tried(entry.text),
            "rows": [_row(row, tried) for row in entry.rows],
            "left_out": sorted(_why(code, self.on) for code in codes),
        }


def _row(row: Row, tried: Any) -> dict[str, Any]:
    return {"table": row.table, "fields": {name: _walked(value, tried) for name, value in row.fields.items()}}


def _walked(value: Any, tried: Any) -> Any:
    """A value with every text in it tried, however deep it lies."""
    if isinstance(value, str):
        return tried(value)
    if isinstance(value, Mapping):
        return {tried(str(key)): _walked(one, tried) for key, one in value.items()}
    return [_walked(one, tried) for one in value] if isinstance(value, list | tuple) else value


# ── What this room itself says in the file ────────────────────────────────

LEFT_OUT = {
    "disclosures.Disclosure.findings": "protected",
    "disclosures.Disclosure.unchecked": "engine",
    "disclosures.File.content": "copy",
    "disclosures.Export": "copy",
}


def chapters_of_case(case_id: UUID, user: User) -> list[Chapter]:
    """What has left the case before, to whom and on what ground; what was stopped too."""
    found = Disclosure.objects.filter(case=case_id).select_related("made_by").order_by("made_at", "pk")
    files, allowances = _by_disclosure(File, case_id), _by_disclosure(Allowance, case_id)
    left = {one.disclosure_id: one for one in Departure.objects.filter(disclosure__case=case_id).select_related("by")}
    entries = [
        _entry(one, left.get(one.pk), [*files.get(one.pk, ()), *allowances.get(one.pk, ())], state=_state(one, left, allowances))
        for one in found
    ]
    return [Chapter(_("Disclosures"), entries)]


def _by_disclosure(model: Any, case_id: UUID) -> dict[UUID, list[Any]]:
    rows = model.objects.filter(case=case_id).order_by("pk")
    rows = rows.defer("content") if model is File else rows.select_related("by")
    found: dict[UUID, list[Any]] = {}
    for one in rows:
        found.setdefault(one.disclosure_id, []).append(one)
    return found


def _state(one: Disclosure, left: Mapping[UUID, Any], allowances: Mapping[UUID, list[Any]]) -> str:
    many = len(allowances.get(one.pk, ()))
    return str(rules.state_of(is_stopped=one.is_stopped, allowances=many, has_left=one.pk in left).label)


def _entry(one: Disclosure, left: Departure | None, parts: list[Any], *, state: str) -> Entry:
    facts = [
        (_("To"), one.to),
        (_("Ground"), catalogue.ground_label(one.ground, LANGUAGE)),
        (_("Decided by"), one.made_by.name),
        (_("Made"), kept.shown(one.made_at)),
        (_("Status"), state),
        (_("Left"), f"{kept.shown(left.at)}, {left.get_way_display()}" if left else ""),
        (_("Left out"), ", ".join(persons.kind_label(kind) for kind in one.withheld)),
        *((_("File"), part.about["name"]) for part in parts if isinstance(part, File)),
        *((_("Allowed by"), f"{part.by.name}: {part.reason}") for part in parts if isinstance(part, Allowance)),
    ]
    rows = [row_of(row, LEFT_OUT) for row in (one, *parts, left) if row is not None]
    return Entry(one.get_recipient_display(), [fact for fact in facts if fact[1]], one.text, rows)
