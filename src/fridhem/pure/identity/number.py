"""Personal identity numbers (*personnummer*) and coordination numbers (*samordningsnummer*).

Folkbokföringslagen (1991:481), 18 § and 18 a §: date of birth, a three-digit birth number that is odd for men and even for
women, and a check digit (Luhn, over the ten-digit form). A coordination number has 60 added to the day.
"""

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(?P<century>\d{2})?(?P<short>\d{6})(?P<sign>[-+–]?)(?P<last>\d{4})", re.ASCII)
COORDINATION = 60  # added to the day of birth
# Birth numbers that are never assigned to anyone, kept for tests.
TEST_NUMBERS = range(980, 1000)


class NotAnIdentityNumber(ValueError):
    """What was written can't be a personal identity number or a coordination number. It's never repeated in the message."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that has been checked: `digits` is its twelve digits, `born` the day of birth it tells."""

    digits: str
    born: date

    @property
    def is_coordination_number(self) -> bool:
        return int(self.digits[6:8]) > COORDINATION

    @property
    def is_test_number(self) -> bool:
        """Whether it's in the range that is never assigned to anyone."""
        return int(self.digits[8:11]) in TEST_NUMBERS

    def age_on(self, day: date) -> int:
        """Whole years lived on `day`."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def __str__(self) -> str:
        return f"{self.digits[:8]}-{self.digits[8:]}"


def check_digit(nine: str) -> int:
    """The tenth digit of nine: the Luhn sum's distance to the next ten."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def parse(text: str, *, on: date) -> IdentityNumber:
    """The identity number in `text`: ten or twelve digits, with or without hyphen and blanks.

    `on` is the day it's read: ten digits mean the latest such day of birth that isn't after it, or a hundred years earlier
    with a plus sign. Raises `NotAnIdentityNumber`.
    """
    found = _WRITTEN.fullmatch(re.sub(r"\s", "", text))
    if not found:
        raise NotAnIdentityNumber("An identity number has ten or twelve digits.")
    short, last = found["short"], found["last"]
    if int(last[3]) != check_digit(short + last[:3]) or last[:3] == "000":
        raise NotAnIdentityNumber("The last digit doesn't match the others: a digit is wrong somewhere.")
    century = found["century"] or _century(short, plus=found["sign"] == "+", on=on)
    born = _birthday(century + short)
    if born > on:
        raise NotAnIdentityNumber("The number tells a day of birth that hasn't come yet.")
    return IdentityNumber(century + short + last, born)


def masked(number: str) -> str:
    """The number with its last four digits hidden, for a page where it only tells people apart: `19850709-••••`."""
    return f"{number[:8]}-••••"


def test_number(born: date, choice: int) -> str:
    """The number of a person who doesn't exist: one of the twenty for that day that are never assigned to anyone.

    `choice` is any whole number; even ones give numbers that are even as women's are, odd ones odd as men's are.
    """
    birth_number = TEST_NUMBERS[choice % len(TEST_NUMBERS)]
    return f"{born:%Y%m%d}-{birth_number}{check_digit(f'{born:%y%m%d}{birth_number}')}"


def _birthday(eight: str) -> date:
    day = int(eight[6:])
    try:
        return date(int(eight[:4]), int(eight[4:6]), day - COORDINATION if day > COORDINATION else day)
    except ValueError:
        raise NotAnIdentityNumber("The first digits aren't a date.") from None


def _century(short: str, *, plus: bool, on: date) -> str:
    year = on.year // 100 * 100 + int(short[:2])
    if (year, int(short[2:4]), int(short[4:]) % COORDINATION) > (on.year, on.month, on.day):
        year -= 100
    return str((year - 100 * plus) // 100)
