"""What Fridköping offers without a needs assessment, whom to call there, and anonymous contacts of this year and today."""

from datetime import date, datetime, time, timedelta
from random import Random

from fridhem.foundation.accounts.models import User
from fridhem.rooms.support import actions
from fridhem.rooms.support.models import Offer
from fridhem.site.demonstration.texts import ON_CALL

SINCE = date(2025, 7, 1)
DAYS = 60  # so long back contacts were counted
TALKS, GROUP, STOP = range(3)
OFFERS = (
    {
        "name": "Råd och stödsamtal",
        "about": "För den som är eller har varit utsatt för våld av någon närstående. På plats, på telefon eller i chatt.",
        "age_from": 15,
        "conditions": "Högst fem samtal. Personen behöver inte berätta vem hen är.",
        "is_anonymous": True,
        "documentation": "none",
        "unit": "Öppna mottagningen",
        "phone": "070-174 06 31",
    },
    {
        "name": "Stödgrupp",
        "about": "Åtta träffar med andra som har lämnat en relation med våld.",
        "age_from": 18,
        "conditions": "Våldet ska ha upphört. Ett inledande samtal med gruppledaren.",
        "is_anonymous": True,
        "documentation": "minimal",
        "unit": "Öppna mottagningen",
        "phone": "070-174 06 31",
    },
    {
        "name": "Sluta slå",
        "about": "Samtal för den som utövar våld mot någon närstående och vill sluta.",
        "age_from": 18,
        "conditions": "Högst fem samtal. Är någon i fara nu måste vi säga till: det berättar vi först.",
        "is_anonymous": True,
        "documentation": "minimal",
        "unit": "Vuxen våld",
        "phone": "070-174 06 32",
    },
    {
        "name": "Samtal för barn och unga",
        "about": "För den som har upplevt våld hemma eller i en egen relation.",
        "age_from": 6,
        "age_to": 20,
        "conditions": "Högst tio samtal. Barnet väljer själv vad det vill prata om.",
        "is_anonymous": False,
        "documentation": "journal",
        "unit": "Barn och familj",
        "phone": "070-174 06 36",
    },
)
OFFICE = {"working_from": time(8), "working_to": time(16, 30)}
EVENING = {"working_from": time(16, 30), "working_to": time(8), "other_from": time(0), "other_to": time(0)}
NUMBERS = (
    {"unit": "Socialjouren", "phone": ON_CALL, "situations": ["danger", "adult", "child", "honour", "housing"], **EVENING},
    {"unit": "Mottag", "phone": "070-174 06 34", "situations": ["adult", "child", "honour", "housing"], **OFFICE},
    {"unit": "Vuxen våld", "phone": "070-174 06 32", "situations": ["adult", "uses_violence"], **OFFICE},
    {"unit": "Barn och familj", "phone": "070-174 06 36", "situations": ["child"], **OFFICE},
)


def offer(people: dict[str, User], *, now: datetime, chance: Random) -> int:
    """Write the catalogue and the numbers, and count contacts; how many rows that made."""
    petra = people["petra"]
    made = [actions.add_offer(by=petra, at=now, valid_from=SINCE, **given) for given in OFFERS]
    for place, given in enumerate(NUMBERS, start=1):
        actions.add_number(by=petra, at=now, place=place, valid_from=SINCE, **given)
    counted = sum(_count_day(made, people, at=now - timedelta(days=days), chance=chance) for days in range(DAYS))
    return len(made) + len(NUMBERS) + counted


def _count_day(made: list[Offer], people: dict[str, User], *, at: datetime, chance: Random) -> int:
    contacts = chance.randint(1, 3)
    for _ in range(contacts):
        violence = chance.choices(["yes", "no", "no_answer", "not_asked"], weights=[5, 2, 2, 1])[0]
        told = ["psychological_violence", *chance.sample(["physical_violence", "digital_violence", "economic_violence"], 1)]
        actions.count_contact(
            made[chance.choices([TALKS, GROUP, STOP], weights=[6, 2, 2])[0]],
            by=people[chance.choice(["mona", "viola", "pelle"])],
            at=at,
            way=chance.choice(["phone", "phone", "visit", "chat"]),
            age_group="adult",
            district=chance.choice(["", "centrum", "norra", "lindangen"]),
            violence=violence,
            violence_forms=told if violence == "yes" else (),
            given=chance.choice(["advice", "talk", "talk", "safety"]),
            referred=chance.choice(["", "", "reception", "police", "shelter"]),
        )
    return contacts
