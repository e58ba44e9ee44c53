"""How long a door that was opened for a reason stays open: dated data, like the limits.

A municipality's own routine, since no law sets a number: 26 kap. 1 § offentlighets- och sekretesslagen and article 32 of the GDPR
ask for no more than is needed.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Opening:
    """How long one kind of opening lasts during one period; both days are included, `valid_to=None`: until further notice."""

    key: str
    lasts: timedelta
    valid_from: date
    valid_to: date | None = None


OPENINGS: tuple[Opening, ...] = (
    Opening("handling", timedelta(minutes=60), date(2020, 1, 1)),  # from registering or finding a person until there is a case
    Opening("extract", timedelta(days=30), date(2020, 1, 1)),  # an extract of another system, until it has been taken in
    Opening("break_glass", timedelta(minutes=60), date(2020, 1, 1)),  # nödöppning
)


def lasts(key: str, *, on: date) -> timedelta:
    """How long the opening `key` lasts when it's made on that day. Raises KeyError for one that isn't known."""
    for known in OPENINGS:
        if known.key == key and known.valid_from <= on and (known.valid_to is None or on <= known.valid_to):
            return known.lasts
    raise KeyError(key)
