"""Facts enough for a table with something to hide, and tables made from them."""

from datetime import UTC, datetime

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework.actions import FormerCase, FormerIntervention
from fridhem.rooms.statistics import actions
from fridhem.rooms.statistics.enums import Table
from fridhem.rooms.statistics.models import Release
from tests.factories import accounts

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
# district, kind, reason, how many interventions
GRANTED = (
    ("centrum", "support_talks", "physical_violence", 31),
    ("centrum", "support_talks", "economic_violence", 2),
    ("norra", "support_talks", "physical_violence", 17),
    ("norra", "safety_planning", "physical_violence", 1),
    ("bruket", "safety_planning", "economic_violence", 9),
    ("bruket", "support_talks", "economic_violence", 12),
)


def strategist(**given) -> User:
    return accounts.user(Role.STRATEGIST, **given)


def facts(year: int = 2025) -> None:
    """Granted interventions of a year, as `GRANTED` says."""
    leader = accounts.user(Role.TEAM_LEADER)
    day = datetime(year, 5, 4, tzinfo=UTC).date()
    casework.take_over(
        (
            FormerCase(
                number=f"F-{year}{place}{n}",
                unit=leader.unit,
                district=district,
                age_group="adult",
                opened_on=day,
                closed_on=day,
                closing_reason="finished",
                interventions=(FormerIntervention(kind, (reason,), day, day, "met"),),
            )
            for place, (district, kind, reason, many) in enumerate(GRANTED)
            for n in range(many)
        ),
        by=leader,
        at=AT,
    )


def ready(year: int = 2025, by: User | None = None) -> Release:
    """A table that is counted and protected, waiting to be read through."""
    ordered = actions.order(key=Table.GRANTED_REASONS, year=year, by=by or strategist(), at=AT)
    return actions.count_and_protect(ordered.pk, at=AT)


def released(year: int = 2025, by: User | None = None) -> Release:
    """A table in force."""
    by = by or strategist()
    return actions.sign(ready(year, by), by=by, at=AT)
