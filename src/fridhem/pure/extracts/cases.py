"""The rows of an extract as finished cases, or for each row that can't be one: in which column, and what is wrong."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from fridhem.pure import identity
from fridhem.pure.codes.code_list import CodeList, UnknownCode
from fridhem.pure.extracts.schema import Field, Schema
from fridhem.pure.extracts.table import Table
from fridhem.pure.instruments.workbook import Row

DAY_NOUGHT = date(1899, 12, 30)  # from which spreadsheets count their days
OF_THE_CASE = ("identity_number", "name", "district", "age_group", "opened_on", "closed_on", "closing_reason")
OF_AN_INTERVENTION = ("intervention", "decided_on", "ended_on", "outcome", "reasons")


class What(StrEnum):
    """Why a row isn't taken in."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_A_DAY = "not_a_day"
    TO_COME = "to_come"
    OPEN_CASE = "open_case"
    BEFORE = "before"
    NOT_AN_IDENTITY = "not_an_identity"
    UNKNOWN_CODE = "unknown_code"
    NOT_THAT_DAY = "not_that_day"
    DISAGREES = "disagrees"
    WITH_ANOTHER = "with_another"
    CHANGED = "changed"  # found while it's taken in, like the last one
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the row by its number in the file, the field, and what is wrong."""

    row: int
    field: str
    what: What


@dataclass(frozen=True, slots=True)
class Reading:
    """How one system's extracts are read: field → column, and for coded fields their value (folded) → our code."""

    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """An intervention of a finished case."""

    kind: str
    reasons: tuple[str, ...]
    decided_on: date
    ended_on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A finished case as the extract has it. `number` is its number in the other system."""

    number: str
    row: int
    identity_number: str
    name: str
    district: str
    age_group: str
    opened_on: date
    closed_on: date
    closing_reason: str
    interventions: tuple[Granted, ...]

    @property
    def content(self) -> str:
        """All that it says as one text: the same case says the same, whatever row it stands on."""
        person = (self.identity_number, self.name, self.district, self.age_group)
        days = (self.opened_on.isoformat(), self.closed_on.isoformat(), self.closing_reason)
        given = sorted(
            repr((one.kind, sorted(one.reasons), str(one.decided_on), str(one.ended_on), one.outcome))
            for one in self.interventions
        )
        return repr((person, days, given))


@dataclass(frozen=True, slots=True)
class Checked:
    """What an extract comes to."""

    cases: tuple[ReadCase, ...]
    faults: tuple[Fault, ...]

    @property
    def rejected(self) -> int:
        """How many rows aren't taken in."""
        return len({fault.row for fault in self.faults})


def folded(value: str) -> str:
    """Their value as it's looked up."""
    return " ".join(value.split()).casefold()


def values_of(table: Table, read: Field, column: str) -> list[str]:
    """The different values that stand in a coded column, in the order of the file."""
    found: dict[str, str] = {}
    for row in table.rows:
        for value in _each(row[column], many=read.name == "reasons"):
            found.setdefault(folded(value), value)
    return list(found.values())


def check(table: Table, schema: Schema, mapping: Reading, lists: Mapping[str, CodeList], *, today: date) -> Checked:
    """Every row by itself, then the rows of each case together. A case is taken in whole or not at all."""
    faults: list[Fault] = []
    groups: dict[str, list[tuple[Row, dict[str, object]]]] = defaultdict(list)
    for row in table.rows:
        reader = _Reader(row, schema, mapping, lists, today)
        values = reader.values()
        faults += reader.faults
        groups[str(values["case_number"])].append((row, values))
    faults += [fault for rows in groups.values() for fault in _disagreements(rows)]
    bad = {fault.row for fault in faults}
    cases: list[ReadCase] = []
    for number, rows in groups.items():
        if bad.isdisjoint(row.number for row, _values in rows):
            cases.append(_case(number, rows))
        else:
            faults += [Fault(row.number, "case_number", What.WITH_ANOTHER) for row, _values in rows if row.number not in bad]
    return Checked(tuple(cases), tuple(sorted(faults, key=lambda fault: fault.row)))


def _disagreements(rows: list[tuple[Row, dict[str, object]]]) -> Iterable[Fault]:
    _row, first = rows[0]
    if not first["case_number"]:
        return
    for row, values in rows[1:]:
        for name in OF_THE_CASE:
            if values[name] != first[name]:
                yield Fault(row.number, name, What.DISAGREES)


def _case(number: str, rows: list[tuple[Row, dict[str, object]]]) -> ReadCase:
    row, first = rows[0]
    granted = tuple(
        Granted(kind=v["intervention"], **{name: v[name] for name in OF_AN_INTERVENTION[1:]})  # type: ignore[arg-type]  # they were checked
        for _row, v in rows
        if v["intervention"]
    )
    return ReadCase(number=number, row=row.number, interventions=granted, **{name: first[name] for name in OF_THE_CASE})  # type: ignore[arg-type]


def _each(value: str, *, many: bool) -> list[str]:
    return [one.strip() for one in (re.split(r"[;,|]", value) if many else [value]) if one.strip()]


@dataclass
class _Reader:
    """One row; what can't be read is read as nothing, so that all its faults are told at once."""

    row: Row
    schema: Schema
    mapping: Reading
    lists: Mapping[str, CodeList]
    today: date
    faults: list[Fault] = field(default_factory=list)

    def values(self) -> dict[str, object]:
        found: dict[str, object] = {one.name: self._plain(one) for one in self.schema.fields}
        opened, closed = found["opened_on"], found["closed_on"]
        if closed is None and not self._text("closed_on"):
            self._fault("closed_on", What.OPEN_CASE)
        self._in_order("closed_on", opened, closed)
        for one in self.schema.coded:
            day = found["decided_on"] if one.name in OF_AN_INTERVENTION else opened
            found[one.name] = self._codes(one, day)
        self._intervention(found)
        if found["identity_number"] and not found["name"]:
            self._fault("name", What.MISSING)
        return found

    def _plain(self, one: Field) -> object:
        text = self._text(one.name)
        if one.required and not text:
            self._fault(one.name, What.MISSING)
        if len(text) > one.longest:
            self._fault(one.name, What.TOO_LONG)
        if one.type == "date":
            return self._day(one.name, text)
        return self._number(text) if one.name == "identity_number" else text

    def _intervention(self, found: dict[str, object]) -> None:
        """All of it or nothing: what was granted, why, when and how it went."""
        if not any(self._text(name) for name in OF_AN_INTERVENTION):
            return
        for name in OF_AN_INTERVENTION:
            if not self._text(name):
                self._fault(name, What.MISSING)
        self._in_order("decided_on", found["opened_on"], found["decided_on"])
        self._in_order("ended_on", found["decided_on"], found["ended_on"])

    def _codes(self, one: Field, day: object) -> object:
        known, many = self.mapping.codes.get(one.name, {}), one.name == "reasons"
        found = [self._code(one, known.get(folded(value), ""), day) for value in _each(self._text(one.name), many=many)]
        return tuple(dict.fromkeys(found)) if many else next(iter(found), "")

    def _code(self, one: Field, code: str, day: object) -> str:
        if not code:
            self._fault(one.name, What.UNKNOWN_CODE)
        elif isinstance(day, date):
            try:
                self.lists[one.codes].find(code, on=day)
            except UnknownCode:
                self._fault(one.name, What.NOT_THAT_DAY)
        return code

    def _day(self, name: str, text: str) -> date | None:
        if not text:
            return None
        day = day_in(text)
        if day is None:
            self._fault(name, What.NOT_A_DAY)
        elif day > self.today:
            self._fault(name, What.TO_COME)
        return day

    def _number(self, text: str) -> str:
        if not text:
            return ""
        try:
            return str(identity.parse(text, on=self.today))
        except identity.NotAnIdentityNumber:
            self._fault("identity_number", What.NOT_AN_IDENTITY)
            return ""

    def _in_order(self, name: str, first: object, then: object) -> None:
        if isinstance(first, date) and isinstance(then, date) and then < first:
            self._fault(name, What.BEFORE)

    def _text(self, name: str) -> str:
        return self.row[self.mapping.columns.get(name, "")]

    def _fault(self, name: str, what: What) -> None:
        if Fault(self.row.number, name, what) not in self.faults:
            self.faults.append(Fault(self.row.number, name, what))


def day_in(text: str) -> date | None:
    """The day in 2024-03-01, 20240301, 2024-03-01 00:00:00 or a spreadsheet's own count of days; None when it's none of them."""
    if re.fullmatch(r"[2-6]\d{4}", text, re.ASCII):
        return DAY_NOUGHT + timedelta(days=int(text))
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def proposed_codes(values: Collection[str], codes: CodeList) -> dict[str, str]:
    """Our code for each of their values that is one, or is what one is called in either language."""
    known = {folded(word): code.code for code in codes for word in (code.label_en, code.label_sv, code.code)}
    return {folded(value): known[folded(value)] for value in values if folded(value) in known}
