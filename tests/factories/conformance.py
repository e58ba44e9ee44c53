"""Steps enough for a measurement with something to hide."""

import datetime as dt

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.rooms.conformance import actions
from fridhem.rooms.conformance.models import Measurement
from tests.factories import accounts, casework

AT = casework.MONDAY + dt.timedelta(days=14)
IN_TIME, TOO_LATE = 8, 6
LATER = casework.MONDAY + dt.timedelta(days=10)


def owner(**given) -> User:
    return accounts.user(Role.PROCESS_OWNER, **given)


def followed(in_time: int = IN_TIME, too_late: int = TOO_LATE, waiting: int = 1) -> None:
    """Cases whose first step was done at once, ten days later, or not yet."""
    leader = casework.leader()
    for at in [casework.MONDAY] * in_time + [LATER] * too_late:
        case = casework.case(by=leader)
        casework.do(case, "assess_protection", by=leader, at=at)
    for _ in range(waiting):
        casework.case(by=leader)


def measured(by: User | None = None, *, year: int = 2026, key: str = "vinr_adult") -> Measurement:
    """A measurement that is counted and protected."""
    ordered = actions.order(key=key, year=year, by=by or owner(), at=AT)
    return actions.count(ordered.pk, at=AT)


def log(*, straight: int = 8, without: int = 6, with_cake: int = 5, unit: str = "Vuxen") -> str:
    """Cases of a chain of three steps, first, second and third: as drawn, without the second, and with what the process lacks."""
    rows = ["ärende;steg;klart;påbörjat;enhet;avslutat"]
    for number in range(straight + without + with_cake):
        left_out = "second" if straight <= number < straight + without else ""
        more = ["Bjöd på tårta"] if number >= straight + without else []
        for day, step in enumerate([step for step in ("first", "second", "third") if step != left_out] + more, 2):
            rows.append(f"HEMLIG-{number};{step};2026-03-0{day} 10:00;2026-03-0{day} 09:00;{unit};ja")
    return "\n".join(rows)
