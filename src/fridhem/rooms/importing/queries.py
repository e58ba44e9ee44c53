"""What can be known of extracts: by the one who uploaded them. Of an imported case the team knows where it came from."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fridhem.foundation.accounts.models import User
from fridhem.pure.codes.code_list import Code, CodeList
from fridhem.pure.extracts.cases import Checked, Reading, check, proposed_codes, values_of
from fridhem.pure.extracts.schema import Field, proposed
from fridhem.pure.extracts.table import Table
from fridhem.pure.instruments.workbook import Row
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework import slots
from fridhem.rooms.casework.enums import AgeGroup, ClosingReason, Outcome
from fridhem.rooms.importing import permissions, rules
from fridhem.rooms.importing.models import Extract, Origin, Source

Content = dict[str, Any]
HIDDEN = "••••"


def visible_to(user: User) -> QuerySet[Extract]:
    """The user's own extracts, newest first, without their tables."""
    found = Extract.objects.filter(uploaded_by=user) if permissions.imports(user) else Extract.objects.none()
    return found.select_related("source").defer("content")


def sources(user: User) -> QuerySet[Source]:
    """The systems that extracts have come from."""
    return Source.objects.all() if permissions.imports(user) else Source.objects.none()


def lists() -> dict[str, CodeList]:
    """The code lists that the schema names."""
    own = {"age_groups": AgeGroup, "closing_reasons": ClosingReason, "goal_outcomes": Outcome}
    dated = {name: casework.code_list(name) for name in ("districts", "interventions", "reasons")}
    return {**dated, **{name: _as_list(name, choices) for name, choices in own.items()}}


def _as_list(name: str, choices: Any) -> CodeList:
    """Words that don't change with time, as a list."""
    called = {}
    for language in ("sv", "en"):
        with override(language):
            called[language] = {each.value: str(each.label) for each in choices}
    return CodeList(name, tuple(Code(value, called["sv"][value], called["en"][value], date.min) for value in choices.values))


def content_of(extract: Extract) -> Content:
    """What an extract holds, until it's imported or destroyed."""
    content: Content | None = extract.content
    assert content is not None, "what waits, or is being imported, has its table"
    return content


def table_of(content: Content) -> Table:
    """The table in an extract's content."""
    return Table(tuple(content["heads"]), tuple(Row(number, cells) for number, cells in content["rows"]))


def reading_of(content: Content) -> Reading:
    """How the table is read."""
    return Reading(content["columns"], content["codes"])


def proposed_reading(table: Table, saved: dict[str, Any]) -> Reading:
    """The source's own way as far as it fits, and for the rest what the names of columns and codes seem to say."""
    columns = {name: head for name, head in saved.get("columns", {}).items() if head in table.heads}
    columns |= {
        name: head
        for name, head in proposed(rules.schema(), table.heads).items()
        if name not in columns and head not in columns.values()
    }
    return with_codes(table, Reading(columns, saved.get("codes", {})))


def with_codes(table: Table, reading: Reading) -> Reading:
    """The same, with our code for each value that is recognised and hasn't got one."""
    known, codes = lists(), {name: dict(found) for name, found in reading.codes.items()}
    for field in rules.schema().coded:
        found = values_of(table, field, reading.columns.get(field.name, ""))
        codes[field.name] = {**proposed_codes(found, known[field.codes]), **codes.get(field.name, {})}
    return Reading(reading.columns, codes)


def unlike(content: Content) -> list[tuple[Field, list[str]]]:
    """The coded columns, each with the different values that stand there."""
    table, reading = table_of(content), reading_of(content)
    found = [(field, values_of(table, field, reading.columns.get(field.name, ""))) for field in rules.schema().coded]
    return [(field, values) for field, values in found if values]


def checked(content: Content, *, today: date) -> Checked:
    """What the extract comes to, read as it is read now."""
    return check(table_of(content), rules.schema(), reading_of(content), lists(), today=today)


def first_rows(content: Content, count: int) -> list[tuple[int, list[str]]]:
    """The first rows as they are read, each with its number; of an identity number only that there is one."""
    shown = []
    for row in table_of(content).rows[:count]:
        cells = {field.name: row[content["columns"].get(field.name, "")] for field in rules.schema().fields}
        cells["identity_number"] = cells["identity_number"] and HIDDEN
        shown.append((row.number, list(cells.values())))
    return shown


def panel_of_case(case_id: UUID, user: User) -> slots.Panel | None:
    """Which system a case came from, and its number there, for the case page."""
    found = Origin.objects.filter(case=case_id).select_related("source").first()
    if found is None:
        return None
    return slots.Panel(heading=_("Imported"), template="importing/_of_case.html", context={"origin": found})


LEFT_OUT = {
    "importing.Origin.number_index": slots.LeftOut("engine", gettext_lazy("What the program finds a case in a former system by")),
    "importing.Origin.content_index": slots.LeftOut("engine", gettext_lazy("What the program knows an imported case again by")),
}


def chapters_of_case(case_id: UUID, user: User, reader: slots.Reader) -> list[slots.Chapter]:
    """Where a case came from, for whoever reads the whole file of it."""
    found = Origin.objects.filter(case=case_id).select_related("source")
    entries = [
        slots.Entry(one.source.name, [(_("Number there"), one.number)], rows=[slots.row_of(one, LEFT_OUT)]) for one in found
    ]
    return [slots.Chapter(_("Imported"), entries)] if entries else []
