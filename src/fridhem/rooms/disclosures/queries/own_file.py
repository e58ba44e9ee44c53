"""What of the whole file of a case may be given to someone: every part with what is withheld blacked out, and why it is.

It's made in the process of whoever asks: the worker can't open what is protected, and so can't hold anything against it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fridhem.foundation.accounts.models import User
from fridhem.pure.outbound.checking import Sought
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.queries import own_file as kept
from fridhem.rooms.casework.slots import Chapter, Entry, LeftOut, Reader, Row, own_file, row_of
from fridhem.rooms.disclosures import catalogue, queries, rules
from fridhem.rooms.disclosures.models import Allowance, Departure, Disclosure, File

Case = Any  # casework's own model, which other rooms name by its door
LANGUAGE = "sv"  # the file is the municipality's own, whatever the one who makes it reads


@dataclass(frozen=True)
class Part:
    """Something in the file as it's given. `key`: the id of its row, by which it can stay; empty when it has none."""

    key: str
    told: dict[str, Any]
    is_veiled: bool


@dataclass(frozen=True)
class Given:
    """The whole file as someone may be given it, before anyone has chosen what else stays. `kinds` were masked somewhere."""

    head: dict[str, Any]
    chapters: list[tuple[str, list[Part]]]
    documents: list[tuple[dict[str, Any], str]]  # what is said of each, and the code of why its file doesn't go along
    person: UUID | None
    kinds: list[str]
    on: date

    @property
    def content(self) -> dict[str, Any]:
        """As JSON: see `schemas/own_file-1.json`."""
        return self.without(())

    def without(self, keys: Collection[str]) -> dict[str, Any]:
        """The content but for what someone chose to leave out, by the ids of the rows: of each it's said that it is there."""
        chosen = [_why("chosen", self.on)]
        chapters = [
            {"heading": heading, "entries": [_left_out(one.told, chosen) if one.key in keys else one.told for one in parts]}
            for heading, parts in self.chapters
        ]
        codes = [(told, "chosen" if told["id"] in keys else code) for told, code in self.documents]
        missing = [not_given(told, code, on=self.on) for told, code in codes if code]
        documents = [{**told, "left_out": bool(code)} for told, code in codes]
        return {**self.head, "chapters": chapters, "documents": documents, "left_out": [*_in_part(chapters), *missing]}

    @property
    def fingerprint(self) -> str:
        """The same as long as the file is: whoever read it says by this what they read."""
        return sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()

    @property
    def keys(self) -> list[str]:
        """What can be left out."""
        return list(dict.fromkeys(one.key for _heading, parts in self.chapters for one in parts if one.key))


def _left_out(told: Mapping[str, Any], why: list[str]) -> dict[str, Any]:
    return {"heading": told["heading"], "facts": [], "text": "", "rows": [], "left_out": why}


def receivers(case: Case, *, on: date) -> list[rules.Goes]:
    """To whom the whole file of a case may go."""
    return rules.receivers(catalogue.whole_file(), process=case.process_key, is_known=case.person_id is not None, on=on)


def given(case: Case, *, by: User, on: date, recipient: str) -> Given:
    """All that is kept of a case, as this recipient may have it. Raises `Denied`, `NotNow`."""
    goes = rules.check_goes_to(recipient, receivers(case, on=on))
    reader = Reader(on, is_own=goes.reader == rules.OWN, takes_over=goes.reader == rules.TAKES_OVER)
    person = case.person_id if reader.is_own else None
    secrets, unopened = queries.held(case.pk, by=by, on=on, recipient=recipient, person=person)
    rules.check_can_be_tried(unopened=unopened)
    pen = Pen(queries.looked_for(secrets), on)
    with override(LANGUAGE):
        head = {
            "number": case.number,
            "unit": str(case.unit),
            "on": on.isoformat(),
            "columns": [
                {"column": key, "what": str(one.what), "why": _why(one.why, on)} for key, one in own_file.left_out.items()
            ],
        }
        said = own_file.chapters(case.pk, by, reader)
        chapters = [(one.heading, [_part(entry, pen) for entry in one.entries]) for one in said]
        documents = [
            ({"id": str(one.pk), "name": pen.text(one.file.label["name"])[0]}, "" if kept.is_open(one) else "held")
            for one in casework.documents(case)
        ]
    return Given(head, chapters, documents, person, sorted(pen.kinds), on)


def _part(entry: Entry, pen: "Pen") -> Part:
    key = str(entry.rows[0].fields["id"]) if entry.rows else ""
    return Part(key, pen.entry(entry), entry.is_veiled)


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

    wanted: Sought
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
        shown, report = queries.masked(words, self.wanted)
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

# Whom something went to can tell where she is: a shelter, a school, a landlord. So can why it was let through all the same.
LEFT_OUT = {
    "disclosures.Disclosure.recipient": LeftOut("protected", gettext_lazy("What kind of recipient something has left to")),
    "disclosures.Disclosure.to": LeftOut("protected", gettext_lazy("The name of whoever something has left to")),
    "disclosures.Disclosure.person": LeftOut("protected", gettext_lazy("Who in the case something has left to")),
    "disclosures.Disclosure.withheld": LeftOut(
        "protected", gettext_lazy("Which kinds of details were left out of what has left")
    ),
    "disclosures.Disclosure.findings": LeftOut("protected", gettext_lazy("What the check before a disclosure found")),
    "disclosures.Disclosure.unchecked": LeftOut("engine", gettext_lazy("What the check before a disclosure couldn't read")),
    "disclosures.Allowance.reason": LeftOut(
        "protected", gettext_lazy("Why something was let through that the check had stopped")
    ),
    "disclosures.File.content": LeftOut("copy", gettext_lazy("The content of the files that have left")),
    "disclosures.Export": LeftOut("copy", gettext_lazy("Whole files that were made of the case")),
}
# What never left is a draft: that it is there, never what it says.
DRAFT = {"disclosures.Disclosure.text", "disclosures.File.about"}


def chapters_of_case(case_id: UUID, user: User, reader: Reader) -> list[Chapter]:
    """What has left the case before and on what ground, never to whom; that something was prepared and hasn't left."""
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
        (_("Ground"), catalogue.ground_label(one.ground, LANGUAGE)),
        (_("Decided by"), one.made_by.name),
        (_("Made"), kept.shown(one.made_at)),
        (_("Status"), state),
        (_("Left"), f"{kept.shown(left.at)}, {left.get_way_display()}" if left else ""),
        *((_("File"), part.about["name"]) for part in parts if left and isinstance(part, File)),
        *((_("Allowed by"), part.by.name) for part in parts if isinstance(part, Allowance)),
    ]
    rows = [row_of(row, {*LEFT_OUT, *(() if left else DRAFT)}) for row in (one, *parts, left) if row is not None]
    return Entry(_("Disclosure"), [fact for fact in facts if fact[1]], one.text if left else "", rows, "" if left else "draft")
