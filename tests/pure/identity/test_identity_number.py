"""Identity numbers: what is right is read, what is wrong is refused, and nobody real is ever used."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fridhem.pure import identity
from fridhem.pure.identity import NotAnIdentityNumber, parse

TODAY = dt.date(2026, 11, 21)
BIRTHDAYS = st.dates(dt.date(1900, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("written", "read", "born"),
    [
        ("19850709-9805", "19850709-9805", dt.date(1985, 7, 9)),
        ("198507099805", "19850709-9805", dt.date(1985, 7, 9)),
        ("850709-9805", "19850709-9805", dt.date(1985, 7, 9)),
        ("8507099805", "19850709-9805", dt.date(1985, 7, 9)),
        (" 850709 – 9805 ", "19850709-9805", dt.date(1985, 7, 9)),
        ("850709+9805", "18850709-9805", dt.date(1885, 7, 9)),
    ],
)
def test_a_number_is_read_however_it_is_written(written, read, born):
    number = parse(written, on=TODAY)

    assert (str(number), number.born, number.is_test_number, number.is_coordination_number) == (read, born, True, False)


def test_ten_digits_mean_someone_already_born():
    tomorrow = identity.test_number(TODAY + dt.timedelta(days=1), 0)[2:]
    today = identity.test_number(TODAY, 0)[2:]

    assert parse(tomorrow, on=TODAY).born == dt.date(1926, 11, 22)
    assert parse(today, on=TODAY).born == TODAY


def test_a_coordination_number_has_sixty_added_to_the_day():
    number = parse("701063-2391", on=TODAY)  # the example in Skatteverket's notice 2010:3

    assert number.is_coordination_number
    assert not number.is_test_number
    assert number.born == dt.date(1970, 10, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "19850709-9806",  # check digit
        "19851309-9800",  # month
        "19850700-9803",  # day
        "19850709 980",
        "19850709-98051",
        "１９８５０７０９-９８０５",  # digits of another script
        "19850709-9805; DROP",
        "20850709-9805",  # not born yet
        "850709-0000",
        "A" * 10_000,
        "850229-9808",
    ],
)
def test_what_is_wrong_is_refused_without_being_repeated(wrong):
    with pytest.raises(NotAnIdentityNumber) as refused:
        parse(wrong, on=TODAY)

    assert not wrong or wrong not in str(refused.value)


@given(BIRTHDAYS, st.integers(0, 10**6))
def test_test_numbers_are_whole_and_never_anyones(born, choice):
    number = parse(identity.test_number(born, choice), on=TODAY)

    assert number.born == born
    assert number.is_test_number
    assert int(number.digits[8:11]) % 2 == choice % 2


@given(BIRTHDAYS, st.integers(0, 19), st.integers(0, 9), st.integers(1, 9))
def test_a_changed_digit_is_noticed(born, choice, place, change):
    digits = identity.test_number(born, choice)[2:].replace("-", "")
    changed = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]

    with pytest.raises(NotAnIdentityNumber):
        parse(changed, on=TODAY)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        number = parse(text, on=TODAY)
    except NotAnIdentityNumber:
        return
    assert parse(str(number), on=TODAY) == number


@pytest.mark.parametrize(("day", "age"), [(dt.date(2003, 7, 8), 17), (dt.date(2003, 7, 9), 18), (dt.date(1985, 7, 9), 0)])
def test_age_is_whole_years(day, age):
    assert parse("19850709-9805", on=TODAY).age_on(day) == age


def test_masking_keeps_only_the_date():
    assert identity.masked("19850709-9805") == "19850709-••••"
