"""An extract of another system: what is read, what is proposed, and what every faulty row is told."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from fridhem.pure import identity
from fridhem.pure.codes.code_list import Code, CodeList
from fridhem.pure.extracts.cases import Fault, Granted, ReadCase, Reading, What, check, day_in, folded, proposed_codes, values_of
from fridhem.pure.extracts.schema import proposed, read_schema
from fridhem.pure.extracts.table import LARGEST_FILE, MOST_ROWS, BadExtract, read_table

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema((ROOT / "src/fridhem/rooms/importing/schemas/cases.json").read_text(encoding="utf-8"))
NUMBER = identity.test_number(date(1985, 7, 9), 1)
TODAY = date(2026, 11, 22)
FROM = date(2015, 1, 1)
LISTS = {
    "districts": CodeList("districts", (Code("centrum", "Centrum", "City centre", FROM),)),
    "age_groups": CodeList("age_groups", (Code("adult", "Vuxen", "Adult", FROM),)),
    "closing_reasons": CodeList("closing_reasons", (Code("finished", "Stödet är klart", "Finished", FROM),)),
    "interventions": CodeList("interventions", (Code("support_talks", "Stödsamtal", "Support talks", date(2022, 1, 1)),)),
    "goal_outcomes": CodeList("goal_outcomes", (Code("met", "Målet nåddes", "Met", FROM),)),
    "reasons": CodeList(
        "reasons", (Code("neglect", "Försummelse", "Neglect", FROM), Code("digital", "Digitalt", "Digital", FROM))
    ),
}
HEAD = "Ärendenr;Pnr;Namn;Stadsdel;Målgrupp;Öppnat;Avslutat;Avslutsorsak;Insats;Beslutsdatum;Slutdatum;Utfall;Orsaker"
ROW = f"A1;{NUMBER};Anna Test;Centrum;vuxen;2024-01-02;20240601;Stödet är klart;S1;2024-01-10;2024-05-30;met;neglect, Digitalt"


def extract(*rows: str) -> bytes:
    return "\r\n".join([HEAD, *rows]).encode()


def checked(*rows: str):
    table = read_table(extract(*rows))
    columns = proposed(SCHEMA, table.heads)
    codes = {one.name: proposed_codes(values_of(table, one, columns.get(one.name, "")), LISTS[one.codes]) for one in SCHEMA.coded}
    codes["intervention"] = {folded("S1"): "support_talks"}
    return check(table, SCHEMA, Reading(columns, codes), LISTS, today=TODAY)


def told(*rows: str) -> set[tuple[int, str, str]]:
    return {(fault.row, fault.field, str(fault.what)) for fault in checked(*rows).faults}


def test_a_whole_row_becomes_a_finished_case():
    granted = Granted("support_talks", ("neglect", "digital"), date(2024, 1, 10), date(2024, 5, 30), "met")
    days = (date(2024, 1, 2), date(2024, 6, 1))

    found = checked(ROW)

    assert found.faults == ()
    assert found.cases == (ReadCase("A1", 2, NUMBER, "Anna Test", "centrum", "adult", *days, "finished", (granted,)),)


def test_the_rows_of_one_case_come_together_and_say_the_same_in_another_order():
    other = ROW.replace("2024-01-10", "2024-02-10")

    assert [len(case.interventions) for case in checked(ROW, other).cases] == [2]
    assert checked(ROW, other).cases[0].content == checked(other, ROW).cases[0].content != checked(ROW).cases[0].content


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ("A1;", ";", "case_number", "missing"),
        ("A1;", f"{'A' * 65};", "case_number", "too_long"),
        (NUMBER, NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), "identity_number", "not_an_identity"),
        ("Anna Test", "", "name", "missing"),
        ("Centrum", "Månen", "district", "unknown_code"),
        ("2024-01-02", "i går", "opened_on", "not_a_day"),
        ("20240601", "2031-01-01", "closed_on", "to_come"),
        ("20240601", "", "closed_on", "open_case"),
        ("20240601", "2023-06-01", "closed_on", "before"),
        ("2024-05-30", "2024-01-09", "ended_on", "before"),
        (";neglect, Digitalt", ";", "reasons", "missing"),
    ],
)
def test_a_faulty_row_is_told_in_which_column_and_why(old, new, field, what):
    assert told(ROW.replace(old, new, 1)) == {(2, field, what)}


def test_a_code_counts_on_its_own_day():
    long_ago = ROW.replace("2024-01", "2019-01").replace("2024-05", "2019-05").replace("202406", "201906")

    assert told(long_ago) == {(2, "intervention", "not_that_day")}


def test_a_case_is_taken_in_whole_or_not_at_all():
    assert told(ROW, ROW.replace("met", "bra")) == {(3, "outcome", "unknown_code"), (2, "case_number", "with_another")}
    assert told(ROW, ROW.replace("Anna", "Hanna")) == {(3, "name", "disagrees"), (2, "case_number", "with_another")}
    assert checked(ROW, ROW.replace("met", "bra")).cases == ()
    assert checked(ROW, ROW.replace("met", "bra")).rejected == 2


@pytest.mark.parametrize("text", ["2024-03-01", "20240301", "2024-03-01 00:00:00", "2024-03-01T08:30:00", "45352"])
def test_a_day_is_read_however_it_is_written(text):
    assert day_in(text) == date(2024, 3, 1)


def test_a_workbook_and_a_file_from_an_old_program_are_read_as_the_same_table():
    book, sheet = Workbook(), [line.split(";") for line in (HEAD, ROW)]
    for line in sheet:
        book.active.append(line)
    kept = BytesIO()
    book.save(kept)

    assert read_table(kept.getvalue()) == read_table(extract(ROW)) == read_table(extract(ROW).decode().encode("cp1252"))


def bomb() -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 30_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (HEAD.encode(), "empty"),
        (b"a;b\n" + b"1;2\n" * (MOST_ROWS + 1), "too_many_rows"),
        (b"x" * (LARGEST_FILE + 1), "too_large"),
        (b"PK\x03\x04 nothing", "not_a_workbook"),
        (b"a\0b", "not_a_workbook"),
        (b'a;b\n"1;2', "not_a_workbook"),
        (b"a;a\n1;2", "same_column"),
        (bomb(), "too_large"),
    ],
    ids=range(9),
)
def test_what_is_no_table_is_refused_by_name(data, what):
    with pytest.raises(BadExtract) as refusal:
        read_table(data)

    assert {str(fault.what) for fault in refusal.value.faults} == {what}


def test_faults_never_carry_what_stood_in_a_cell():
    assert Fault(2, "name", What.MISSING).__slots__ == ("row", "field", "what")
