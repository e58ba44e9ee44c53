"""The Swedish calendar: which days an office works.

Not working days are Saturdays, Sundays, public holidays (lag 1989:253 om allmänna helgdagar) and the three eves that count as
holidays when a time limit ends: midsummer, Christmas and New Year's Eve (lag 1930:173 om beräkning av lagstadgad tid, 2 §).
"""

from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """The public holidays and the three eves of a year, whatever weekday they fall on."""
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    """Whether an office works on `day`."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year)


def next_working_day(day: date) -> date:
    """`day` itself when it's a working day, otherwise the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days after `day`; `day` itself isn't counted.

    Raises ValueError when `count` is negative.
    """
    if count < 0:
        raise ValueError("Working days are counted forwards.")
    for _ in range(count):
        day = next_working_day(day + ONE_DAY)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start`, up to and including `end`; 0 when `end` isn't later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))
