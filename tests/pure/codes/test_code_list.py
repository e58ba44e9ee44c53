from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure.codes.code_list import Code, CodeList, UnknownCode
from fridhem.pure.codes.reading import COLUMNS, BadCodeList, read_code_list

TEXT = """\
code,label_sv,label_en,valid_from,valid_to
physical,Fysiskt våld,Physical violence,2020-01-01,
honour,Hedersvåld,Honour violence,2020-01-01,2024-12-31
honour,Hedersrelaterat våld,Honour-related violence,2025-01-01,
"""


def read(text):
    return read_code_list(text, name="reasons")


def test_a_list_knows_its_codes_on_a_day():
    reasons = read(TEXT)

    assert reasons.choices_on(date(2024, 12, 31)) == [("physical", "Fysiskt våld"), ("honour", "Hedersvåld")]
    assert reasons.choices_on(date(2025, 1, 1), "en") == [
        ("physical", "Physical violence"),
        ("honour", "Honour-related violence"),
    ]
    assert reasons.valid_on(date(2019, 12, 31)) == ()


def test_find_gives_the_label_of_that_day_and_latest_the_newest():
    reasons = read(TEXT)

    assert reasons.find("honour", on=date(2024, 6, 1)).label() == "Hedersvåld"
    assert reasons.latest("honour").label_sv == "Hedersrelaterat våld"
    assert [p.label("en-gb") for p in reasons.periods("honour")] == ["Honour violence", "Honour-related violence"]


def test_find_says_whether_the_code_is_unknown_or_only_not_valid():
    reasons = read(TEXT)

    with pytest.raises(UnknownCode, match="There is no code 'x' in 'reasons'"):
        reasons.find("x", on=date(2025, 1, 1))
    with pytest.raises(UnknownCode, match="not valid on 2019-01-01; it is valid 2020-01-01–"):
        reasons.find("physical", on=date(2019, 1, 1))


def test_semicolons_byte_order_mark_and_crlf_are_read():
    assert read("\ufeff" + TEXT.replace(",", ";").replace("\n", "\r\n")) == read(TEXT)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The first row lacks code"),
        ("code,label_sv\n", "The first row lacks label_en, valid_from, valid_to"),
        (",".join(COLUMNS) + "\n", "It has no rows"),
        (",".join(COLUMNS) + "\na,b,c,2025-01-01\n", "Row 2: it has another number of columns"),
        (",".join(COLUMNS) + "\na,b,c,2025-01-01,,,\n", "Row 2: it has another number of columns"),
        (",".join(COLUMNS) + "\na,,c,2025-01-01,\n", "Row 2: label_sv is empty"),
        (",".join(COLUMNS) + "\na,b,c,1/1 2025,\n", "Row 2: valid_from is '1/1 2025': write the date as 2025-07-01."),
        (",".join(COLUMNS) + "\na,b,c,2025-01-02,2025-01-01\n", "valid_to 2025-01-01 is before valid_from"),
        (",".join(COLUMNS) + "\na,b,c,2025-01-02,\na,b,c,2026-01-01,\n", "has two periods that overlap"),
        (",".join(COLUMNS) + "\n" + "a" * 65 + ",b,c,2025-01-02,\n", "longer than 64 characters"),
        (",".join(COLUMNS) + "\na," + "b" * 201 + ",c,2025-01-02,\n", "label_sv is longer than 200 characters"),
    ],
)
def test_a_bad_list_says_which_row_and_what_to_do(text, problem):
    with pytest.raises(BadCodeList) as caught:
        read(text)

    assert problem in str(caught.value)


def test_all_bad_rows_are_told_at_once():
    with pytest.raises(BadCodeList) as caught:
        read(",".join(COLUMNS) + "\na,,c,2025-01-01,\nb,b,b,soon,\n")

    assert [p[:6] for p in caught.value.problems] == ["Row 2:", "Row 3:"]


@given(start=st.dates(), days=st.integers(0, 5000), probe=st.dates())
def test_valid_on_agrees_with_naming_every_day(start, days, probe):
    try:
        end = start + timedelta(days=days)
    except OverflowError:
        return
    codes = CodeList("one", (Code("a", "A", "A", start, end),))

    named = {start + timedelta(days=d) for d in range(days + 1)}

    assert bool(codes.valid_on(probe)) == (probe in named)
