"""What a workbook may be: text in cells. Everything else that an XLSX can hold is refused, and a bomb isn't unpacked."""

import random
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from fridhem.pure.instruments.faults import BadInstrument, What
from fridhem.pure.instruments.workbook import Row, read_workbook
from fridhem.pure.instruments.writing import write_workbook
from tests.pure.instruments import forms

FORM = forms.xlsx()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return target.getvalue()


def refused(data: bytes) -> set[What]:
    with pytest.raises(BadInstrument) as bad:
        read_workbook(data)
    return {fault.what for fault in bad.value.faults}


def test_cells_are_read_as_text_with_their_rows():
    assert read_workbook(write_workbook({"Choices": [("list_name", "name"), ("a", "1"), (), ("a", "=1+1")]})) == {
        "choices": (Row(2, {"list_name": "a", "name": "1"}), Row(4, {"list_name": "a", "name": "=1+1"}))
    }


def test_what_another_program_writes_is_read_the_same():
    workbook, target = Workbook(), BytesIO()
    sheet = workbook.active
    sheet.title = "levels"
    for row in (["code", "from", "to", "dangerous"], ["low", 0, 4.5, False], ["high", 5.0, None, True]):
        sheet.append(row)
    workbook.save(target)

    assert read_workbook(target.getvalue())["levels"] == (
        Row(2, {"code": "low", "from": "0", "to": "4.5", "dangerous": "no"}),
        Row(3, {"code": "high", "from": "5", "dangerous": "yes"}),
    )


def test_a_formula_is_refused_with_its_cell():
    workbook, target = Workbook(), BytesIO()
    sheet = workbook.active
    sheet.title = "survey"
    sheet["A1"], sheet["A2"] = "type", "=1+1"
    workbook.save(target)

    with pytest.raises(BadInstrument) as bad:
        read_workbook(target.getvalue())

    assert [(fault.what, fault.sheet, fault.row) for fault in bad.value.faults] == [(What.FORMULA, "survey", 2)]


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", FORM[:500], packed({"a.txt": b"x"})])
def test_what_isnt_a_workbook_is_refused(data):
    assert refused(data) == {What.NOT_A_WORKBOOK}


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert refused(packed({**parts(FORM), "xl/media/big.xml": b"0" * 30_000_000})) == {What.TOO_LARGE}


def test_a_bomb_that_lies_about_its_size_is_refused():
    data = bytearray(packed({**parts(FORM), "xl/sharedStrings.xml": b"<sst>" + b" " * 15_000_000 + b"</sst>"}))
    size = (15_000_000 + 11).to_bytes(4, "little")
    data = bytes(data).replace(size, (100).to_bytes(4, "little"))

    assert refused(data) == {What.NOT_A_WORKBOOK}


def test_a_file_that_is_too_large_is_refused():
    assert refused(b"PK\x03\x04" + b"0" * 1_100_000) == {What.TOO_LARGE}


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.xml"])
def test_macros_are_refused(name):
    assert refused(packed({**parts(FORM), name: b"x"})) == {What.MACROS}


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
    ],
)
def test_entities_are_refused(declared):
    content = parts(FORM)
    content["xl/sharedStrings.xml"] = content["xl/sharedStrings.xml"].replace(b"?>", b"?>" + declared, 1)

    assert refused(packed(content)) == {What.ENTITIES}


def test_entities_in_another_encoding_are_refused():
    content = parts(FORM)
    text = content["xl/sharedStrings.xml"].decode().replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    content["xl/sharedStrings.xml"] = text.replace("UTF-8", "UTF-16").encode("utf-16")

    assert refused(packed(content)) == {What.NOT_A_WORKBOOK}


def test_a_path_that_leads_out_of_the_package_finds_nothing():
    content = parts(FORM)
    content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(b"worksheets/", b"../../../etc/")

    assert refused(packed(content)) == {What.NOT_A_WORKBOOK}


def test_two_columns_with_one_head_are_refused():
    assert refused(write_workbook({"survey": [("type", "type"), ("text", "note")]})) == {What.SAME_COLUMN}


def test_a_text_without_a_head_and_one_that_is_too_long_are_refused():
    assert refused(write_workbook({"survey": [("type",), ("text", "lost"), ("x" * 5_000,)]})) == {What.NO_HEAD, What.TOO_LONG}


def test_too_many_rows_are_refused():
    assert refused(write_workbook({"survey": [("type",), *[("text",)] * 1_200]})) == {What.TOO_MANY_ROWS}


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_read_never_anything_else(seed):
    chance, data = random.Random(seed), bytearray(FORM)
    for _turn in range(chance.randint(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    try:
        assert "survey" in read_workbook(bytes(data)) or True
    except BadInstrument as bad:
        assert bad.faults
