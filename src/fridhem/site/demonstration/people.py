"""Invented people: ordinary first names, surnames from the meadow, identity numbers from the range that is never assigned."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from fridhem.pure.identity import test_number

FIRST = """
Agnes Aisha Albin Alice Amina Anders Anna Astrid Ayan Britta Carin Daniel David Ebba Elias Elin Emil Erik Eva
Fadi Fatima Filip Greta Gustav Hamza Hanna Hedda Hugo Ibrahim Ida Ingrid Isak Iris Jamila Jasmin Johan Karin
Khalid Klara Lars Layla Leila Linnea Lisa Lova Maja Maria Mehmet Mikael Mila Mira Mohammed Nadia Nora Olle
Omar Oskar Per Rana Rasmus Rut Saga Salma Samir Sara Selma Sigrid Simon Sofie Stina Tariq Tilda Ulla Vanja
Wilma Yasmin Ylva Yusuf Zahra Zeinab
""".split()
LAST = """
Backsippa Blåeld Blåklint Brudbröd Fibbla Fjärilslök Fingerborg Förgätmigej Gullviva Gökärt Harsyra
Humleblomster Hästhov Järnek Kabbeleka Kattfot Klöver Kungsängslilja Käringtand Liljekonvalj Linnea-Lin Ljung
Lungört Maskros Midsommarblomster Myskmadra Nattljus Odon Pion Pärlgräs Renfana Rosling Rödklint Sippa
Smörblom Solvända Stormhatt Styvmorsviol Svalört Tjärblomster Tulkört Tusensköna Ullört Vitsippa Vänderot
Åkerbär Åkervinda Älgört Ängsklocka Ögontröst
""".split()


@dataclass(frozen=True)
class Invented:
    """Someone who doesn't exist."""

    name: str
    identity_number: str
    born: date


def invent(chance: random.Random, *, on: date, child: bool) -> Invented:
    """Someone of a fitting age on the day `on`; the same `chance` gives the same people."""
    years = chance.randint(0, 17) if child else round(18 + 67 * chance.betavariate(1.6, 3))
    born = on - timedelta(days=round(years * 365.25) + chance.randint(1, 360))
    if child and (on - born).days >= 18 * 365:
        born = on - timedelta(days=17 * 365)
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return Invented(name, test_number(born, chance.randrange(1_000_000)), born)
