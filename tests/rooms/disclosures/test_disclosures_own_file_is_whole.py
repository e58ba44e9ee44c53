"""The whole file held against the database: nothing that is kept of a case is forgotten, also not what is added tomorrow."""

import json
import os
import re
from base64 import b64decode
from functools import cache
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import override

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto.blind_index import fingerprint
from fridhem.foundation.crypto.privacy import PERSONAL
from fridhem.foundation.files.taking_in import Cleaned
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import decisions, documents, journal
from fridhem.rooms.casework.actions import sections as written
from fridhem.rooms.casework.models import BreakGlass, Case, Extension, Wall
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.casework.slots import own_file
from fridhem.rooms.disclosures import packing
from fridhem.rooms.disclosures.actions import exports
from fridhem.rooms.importing.models import Extract, Origin, Source
from tests.factories import accounts, assessments, casework
from tests.factories.disclosures import NOW, disclosure, hidden_case

SCHEMA = packing.ROOM / "schemas" / packing.SCHEMA
# What isn't given as long as it's a draft: until it's signed, or until it leaves.
DRAFTED = {
    "casework.Note": ("text",),
    "casework.Section": ("text",),
    "disclosures.Disclosure": ("text",),
    "disclosures.File": ("about",),
}
# What is said beyond the columns, or instead of them.
SAID = {"casework.CaseDocument": ("name", "sha256"), "persons.Person": ("id", "name", "identity_number", "role")}


@cache
def tied() -> dict[type[models.Model], tuple[str, ...]]:
    """Every table of the rooms that hangs on a case, however far, with the columns by which it does."""
    rooms = [each for each in apps.get_models() if each.__module__.startswith("fridhem.rooms.")]
    ours = [each for each in rooms if not hasattr(each, "pgh_tracked_model")]
    found: dict[type[models.Model], tuple[str, ...]] = {Case: ("pk",)}
    while True:
        more = {each: ties for each in ours if each not in found and (ties := _ties(each, found))}
        if not more:
            return found
        found |= more


def _ties(model, found) -> tuple[str, ...]:
    return tuple(each.name for each in model._meta.concrete_fields if each.is_relation and each.related_model in found)


def rows_of(model, case):
    """The rows of a table that are the case's."""
    if model is Case:
        return Case.objects.filter(pk=case.pk)
    hung = Q()
    for name in tied()[model]:
        to = model._meta.get_field(name).related_model
        hung |= Q(**{f"{name}__in": rows_of(to, case) if to is not model else to.objects.filter(case=case)})
    return model._default_manager.filter(hung)


def given() -> list[type[models.Model]]:
    return [each for each in tied() if each._meta.label not in own_file.left_out]


def columns(model) -> set[str]:
    """The columns of a table that are given."""
    label = model._meta.label
    return {each.name for each in model._meta.concrete_fields if f"{label}.{each.name}" not in own_file.left_out}


# ── The schema ────────────────────────────────────────────────────────────


def schema() -> dict:
    """The schema as the models say it: what is kept as one row of each table."""
    tables = {each._meta.label: _table(each) for each in sorted(given(), key=lambda each: each._meta.label)}
    tables["persons.Person"] = _object(_texts("persons.Person"))
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    row = [{"properties": {"table": {"const": name}, "fields": {"$ref": f"#/$defs/{name}"}}} for name in sorted(tables)]
    entry = {
        "heading": text,
        "facts": {"type": "array", "items": _object({"label": text, "value": text})},
        "text": text,
        "rows": {"type": "array", "items": {"type": "object", "required": ["table", "fields"], "oneOf": row}},
        "left_out": texts,
    }
    left_out = {"type": "array", "items": _object({"where": text, "why": texts})}
    document = {"id": text, "name": text, "left_out": {"type": "boolean"}, "path": text}
    whole = {
        **dict.fromkeys(("schema", "municipality", "number", "unit", "on", "to", "ground", "by", "at"), text),
        "chapters": {"type": "array", "items": _object({"heading": text, "entries": {"type": "array", "items": _object(entry)}})},
        "documents": {"type": "array", "items": _object(document, optional=("path",))},
        "left_out": left_out,
        "columns": {"type": "array", "items": _object({"column": text, "what": text, "why": text})},
    }
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:fridhem:{SCHEMA.stem}"}
    return {**about, "title": "The whole file of a case", **_object(whole), "$defs": tables}


def _object(properties: dict, optional: tuple[str, ...] = ()) -> dict:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _texts(label: str) -> dict:
    return {name: {"type": "string"} for name in SAID.get(label, ())}


def _table(model) -> dict:
    columns_given = columns(model)
    fields = {one.name: _type(one) for one in model._meta.concrete_fields if one.name in columns_given}
    fields |= _texts(model._meta.label)
    return _object(fields, optional=DRAFTED.get(model._meta.label, ()))


def _type(column) -> dict:
    plain = {models.BooleanField: "boolean", models.PositiveIntegerField: "integer", models.PositiveSmallIntegerField: "integer"}
    if column.get_internal_type() in {"JSONField", "ArrayField", "BinaryField"}:
        return {}
    kind = plain.get(type(column), "string")
    return {"type": [kind, "null"] if column.null else kind}


def test_the_published_schema_says_what_is_given():
    """When a table changes, so does the schema: `SCHEMA=1 pytest` draws it anew, with a new number once one has left."""
    if os.environ.get("SCHEMA"):
        SCHEMA.write_text(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


# ── A case with everything in it ──────────────────────────────────────────


@pytest.fixture
def case(db):
    """A case with a row in every table that is given."""
    lena = casework.leader(name="Lena")
    anna = accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")
    found = hidden_case(by=lena)
    casework_actions.assign(found, by=lena, at=NOW, user=anna)
    casework.do(found, "assess_protection", by=lena, text="Vi bedömer skyddet.")
    refused = {"refused": "contact_person", "reasons": ["no_need"], "prepared_by": anna}
    decisions.decide(found, by=lena, at=NOW, kind="assistance", outcome="refused", motivation="Behovet är mött.", **refused)
    casework_actions.grant_intervention(found, by=lena, at=NOW, kind="support_talks", reasons=["physical_violence"])
    note = casework_actions.write_note(found, by=lena, at=NOW, text="Vi träffades.", sign=True)
    journal.add_to_note(note, by=lena, at=NOW, text="På torsdagen.", kind="addition")
    casework_actions.write_note(found, by=lena, at=NOW, text="Inte klart än.")
    first, second = (one.code for one in sections.outline(found).headings[:2])
    written.write_section(found, first, by=lena, at=NOW, text="Hon är rädd.", revision=0, sign=True)
    written.write_section(found, second, by=lena, at=NOW, text="Inte klart än.", revision=0)
    documents.add_document(found, taken=Cleaned("text", b"Ett intyg."), name="intyg.txt", by=lena, at=NOW)
    assessments.assessment(found, by=lena, at=NOW, given=assessments.GRAVE)
    step = casework.open_step(found, "map_violence")
    asked = {"node": step.node, "limit": step.limit or "routine", "was": NOW.date(), "until": NOW.date().replace(day=28)}
    Extension.objects.create(case=found, four_eyes=False, asked_by=lena, asked_at=NOW, note=note, **asked)
    Wall.objects.create(case=found, user=anna, ground="named", said_by=lena, said_at=NOW)
    BreakGlass.objects.create(case=found, number=found.number, user=anna, reason="life", words="Fara.", asked_at=NOW)
    _left(found, by=lena)
    _imported(found, by=lena)
    return found


def _left(case, *, by) -> None:
    from fridhem.rooms.disclosures import actions

    stopped = disclosure(case, by=by, text="Hon bor på Tranbärsvägen 27 B.", documents=[("a.txt", b"Hej.")])
    actions.allow(stopped, by=by, at=NOW, reason="Läst.")
    actions.let_leave(disclosure(case, by=by, text="Hej."), by=by, at=NOW, way="post")


def _imported(case, *, by) -> None:
    source = Source.objects.create(name="Gamla systemet", mapping={}, made_by=by, made_at=NOW)
    extract = Extract.objects.create(source=source, content={}, uploaded_by=by, uploaded_at=NOW, rows=1)
    index = fingerprint("2024:17", zone="case")
    Origin.objects.create(source=source, case=case, extract=extract, number="2024:17", number_index=index, content_index=index)


@pytest.fixture
def whole(case) -> dict[str, bytes]:
    """The parts of its file."""
    by = Wall.objects.get(case=case).said_by
    read = exports.preview(case, by=by, at=NOW, recipient="court").fingerprint
    ordered = exports.order(case, by=by, at=NOW, recipient="court", to="Tingsrätten", ground="duty", read=read)
    packed = b64decode(exports.pack(ordered.pk, at=NOW).content)
    with ZipFile(BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}


def said(whole) -> list[dict]:
    """Every row in the file."""
    chapters = json.loads(whole["akt.json"])["chapters"]
    return [row for chapter in chapters for entry in chapter["entries"] for row in entry["rows"]]


def test_every_row_of_the_case_is_in_the_file_to_be_read_and_to_be_moved(case, whole):
    """A new table: say it in `queries/own_file.py` of its room or leave it out with the code of why (`slots.own_file`)."""
    kept = {(each._meta.label, str(row.pk)) for each in given() for row in rows_of(each, case)}

    assert kept == {(row["table"], row["fields"]["id"]) for row in said(whole)} - people(whole)
    assert {label for label, _id in kept} == {each._meta.label for each in given()}, "the case has something of everything"


def test_whatever_was_written_by_someone_can_be_read_on_the_page_and_not_only_as_data(case, whole):
    """A new column that holds words must be said in words too; a row that is only data has nothing to read."""
    page = words_of(whole)
    personal = {
        each._meta.label: [name for name in columns(each) if getattr(each, "privacy", {}).get(name) == PERSONAL]
        for each in given()
    }
    written = [
        (row["table"], name, row["fields"][name])
        for row in said(whole)
        for name in personal.get(row["table"], ())
        if isinstance(row["fields"].get(name), str)
    ]

    assert len({table for table, _name, _value in written}) > 4
    assert [one for one in written if " ".join(one[2].split()) not in page] == []
    assert [entry["heading"] for entry in entries(whole) if entry["rows"] and not (entry["facts"] or entry["text"])] == []
    assert [one for entry in entries(whole) for one in (entry["heading"], *shown(entry)) if one not in page] == []


def words_of(whole) -> str:
    """What someone reads on the page: no address, no tag."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", whole["akt.html"].decode())).split())


def entries(whole) -> list[dict]:
    return [entry for chapter in json.loads(whole["akt.json"])["chapters"] for entry in chapter["entries"]]


def shown(entry) -> list[str]:
    return [" ".join(one.split()) for fact in entry["facts"] for one in (fact["label"], fact["value"])]


def people(whole) -> set[tuple[str, str]]:
    return {(row["table"], row["fields"]["id"]) for row in said(whole) if row["table"] == "persons.Person"}


def test_every_column_is_given_or_left_out_with_a_reason(whole):
    """A new column comes along by itself; what mustn't is left out by name, with the code of why."""
    expected = {each._meta.label: columns(each) | set(SAID.get(each._meta.label, ())) for each in given()}
    expected["persons.Person"] = set(SAID["persons.Person"])
    missing = {(row["table"], column) for row in said(whole) for column in expected[row["table"]] ^ set(row["fields"])}

    drafted = {(each, name) for each, names in DRAFTED.items() for name in names}
    assert missing == drafted, "those of the drafts alone"


def test_everyone_in_the_case_and_each_relation_is_in_the_file(case, whole):
    assert {id for _table, id in people(whole)} == {str(one.pk) for one in cases.people(case)}
    assert "Barn" in whole["akt.html"].decode()


def test_what_is_left_out_says_why_by_a_code_that_there_is(whole):
    codes = {one.code for one in cases.code_list("left_out")}
    labels = {each._meta.label for each in apps.get_models()}

    assert {one.why for one in own_file.left_out.values()} <= codes
    assert {key for key in own_file.left_out if key.count(".") == 1} <= labels
    assert {key for key in own_file.left_out if key.count(".") == 2} == {
        f"{each._meta.label}.{column.name}"
        for each in given()
        for column in each._meta.concrete_fields
        if column.name not in columns(each)
    }
    with override("sv"):
        names = [str(one.what) for one in own_file.left_out.values()]
    assert [name for name in names if name not in words_of(whole)] == []
    assert len(set(names)) == len(names)


def test_the_file_keeps_to_the_schema_that_goes_along(whole):
    published = json.loads(whole[packing.SCHEMA])
    file = json.loads(whole["akt.json"])

    assert set(file) == set(published["required"])
    for row in said(whole):
        known = published["$defs"][row["table"]]
        assert set(known["required"]) <= set(row["fields"]) <= set(known["properties"])
