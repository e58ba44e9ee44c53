"""Three whole years and the running one, as they could have been taken over from a former system.

Volumes a year follow what real municipalities have told of themselves: about 350 adults taken up, 1,100 adults in the open
services, 700 children with suspected abuse, 1,300 children who saw violence.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fridhem.foundation.accounts.models import Unit
from fridhem.rooms.casework.actions import FormerCase, FormerIntervention
from fridhem.rooms.casework.enums import AgeGroup, ClosingReason, Outcome
from fridhem.site.demonstration.people import Invented, invent

# Shares are weights: they needn't add up to anything.
DISTRICTS = {"centrum": 24, "norra": 21, "lindangen": 19, "bruket": 13, "sjostaden": 12, "vastra": 8, "unknown": 3}
OUTCOMES = {Outcome.MET: 38, Outcome.PARTLY_MET: 31, Outcome.NOT_MET: 9, Outcome.BROKEN_OFF: 15, Outcome.REPLACED: 7}
NEW_CODES = {"personal_contact": date(2025, 1, 1), "post_separation_violence": date(2024, 1, 1)}
ENDED_CODES = {"phone_support": date(2024, 12, 31), "other_violence": date(2025, 12, 31)}


@dataclass(frozen=True)
class Stream:
    """One kind of people who get support: how many a year, whether children, what they get and why (weights)."""

    yearly: int
    age_group: AgeGroup
    interventions: dict[str, float]
    reasons: dict[str, float]
    most: int  # interventions in one case


VIOLENCE = {
    "physical_violence": 34,
    "psychological_violence": 38,
    "sexual_violence": 8,
    "economic_violence": 9,
    "material_violence": 5,
    "digital_violence": 6,
    "latent_violence": 7,
    "post_separation_violence": 9,
    "honour_related_violence": 6,
    "forced_marriage": 0.5,
    "neglect": 0.7,
    "other_violence": 3,
}
STREAMS = (
    Stream(
        350,
        AgeGroup.ADULT,
        {
            "support_talks": 30,
            "safety_planning": 26,
            "protected_housing": 9,
            "emergency_housing": 6,
            "housing_support": 7,
            "practical_support": 13,
            "personal_contact": 6,
            "contact_person": 2,
            "group_support": 5,
        },
        VIOLENCE,
        3,
    ),
    Stream(
        1100,
        AgeGroup.ADULT,
        {"support_talks": 62, "phone_support": 14, "group_support": 12, "violence_cessation_talks": 9, "practical_support": 5},
        {**VIOLENCE, "uses_violence": 14},
        1,
    ),
    Stream(
        700,
        AgeGroup.CHILD,
        {"child_talks": 55, "contact_person": 11, "support_talks": 14, "protected_housing": 4, "group_support": 5},
        {
            "physical_violence": 46,
            "psychological_violence": 22,
            "neglect": 13,
            "sexual_violence": 6,
            "honour_related_violence": 7,
            "forced_marriage": 1.2,
            "genital_mutilation": 0.5,
            "latent_violence": 4,
        },
        2,
    ),
    Stream(
        1300,
        AgeGroup.CHILD,
        {"child_talks": 78, "group_support": 14, "protected_housing": 5, "safety_planning": 6},
        {"child_exposed_to_violence": 90, "psychological_violence": 14, "post_separation_violence": 4},
        1,
    ),
)


@dataclass(frozen=True)
class Former:
    """A finished case and the person it was about."""

    person: Invented
    case: FormerCase


def former_cases(chance: random.Random, *, units: dict[AgeGroup, Unit], until: date, years: int = 3) -> Iterator[Former]:
    """Finished cases from `years` whole years before the year of `until`, and from that year so far. Same chance, same cases."""
    numbers, people = set[str](), set[str]()
    for year in range(until.year - years, until.year + 1):
        whole = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        days = min(whole, (until - date(year, 1, 1)).days + 1)
        for stream in STREAMS:
            growth = 1 + 0.04 * (year - until.year + years)
            for _ in range(round(stream.yearly * growth * days / whole)):
                opened = date(year, 1, 1) + timedelta(days=chance.randrange(days))
                yield _former(chance, stream, opened, units[stream.age_group], until, numbers, people)


def _former(
    chance: random.Random, stream: Stream, opened: date, unit: Unit, until: date, numbers: set[str], people: set[str]
) -> Former:
    person = _unlike(people, lambda: invent(chance, on=opened, child=stream.age_group == AgeGroup.CHILD), "identity_number")
    count = chance.randint(1, stream.most)
    kinds = {_pick(chance, stream.interventions, opened) for _ in range(count)}
    interventions = tuple(_intervention(chance, stream, kind, opened, until) for kind in sorted(kinds))
    closed = max(granted.end for granted in interventions)
    case = FormerCase(
        number=_number(chance, numbers),
        unit=unit,
        district=_pick(chance, DISTRICTS, opened),
        age_group=stream.age_group,
        opened_on=opened,
        closed_on=closed,
        closing_reason=ClosingReason.FINISHED,
        interventions=interventions,
    )
    return Former(person, case)


def _intervention(chance: random.Random, stream: Stream, kind: str, opened: date, until: date) -> FormerIntervention:
    decided = min(opened + timedelta(days=chance.randint(0, 60)), date(opened.year, 12, 31), until)
    reasons = {_pick(chance, stream.reasons, decided) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))}
    end = max(decided, min(decided + timedelta(days=chance.randint(14, 200)), until))
    outcome = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    return FormerIntervention(kind, tuple(sorted(reasons)), decided, end, outcome)


def _pick(chance: random.Random, weights: Mapping[str, float], day: date) -> str:
    """One of the codes that are valid on the day and will be for the two months that a decision may take."""
    soon = min(day + timedelta(days=60), date(day.year, 12, 31))
    valid = {
        code: weight
        for code, weight in weights.items()
        if NEW_CODES.get(code, day) <= day and ENDED_CODES.get(code, soon) >= soon
    }
    return chance.choices(list(valid), list(valid.values()))[0]


def _number(chance: random.Random, taken: set[str]) -> str:
    while (number := "F-" + "".join(chance.choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=6))) in taken:
        pass
    taken.add(number)
    return number


def _unlike(taken: set[str], make: Callable[[], Invented], key: str) -> Invented:
    """Someone whose identity number nobody else in the history has."""
    while getattr(person := make(), key) in taken:
        pass
    taken.add(getattr(person, key))
    return person
