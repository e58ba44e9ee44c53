"""C31: a blind index can be compared within its zone, tells nothing between zones, and can't be searched without its key."""

import hashlib
import hmac
import secrets
import time
from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from fridhem.foundation.keys import limits
from fridhem.foundation.keys.client import TooMany

ZONES = ("case", "intake", "protected", "partner")
DAYS = 110 * 365  # birth days of people alive
SERIALS = 1000  # numbers a day; the tenth digit follows from the others


def _numbers(count):
    """Identity numbers to try, in order: day by day, serial by serial, with their control digit."""
    born = date(1990, 1, 1)
    for index in range(count):
        nine = f"{born + timedelta(index // SERIALS):%y%m%d}{index % SERIALS:03d}"
        doubled = [int(sign) * (2 - place % 2) for place, sign in enumerate(nine)]
        control = -sum(value // 10 + value % 10 for value in doubled) % 10
        yield f"19{nine}{control}"


@pytest.mark.safety("C31")
def test_the_same_number_has_unlike_fingerprints_in_every_zone_and_house(new_service, proof, size):
    values = list(_numbers(size(1000, 10_000)))
    houses = [new_service(), new_service()]
    found = []
    for own in houses:
        owner = own.asked_by("owner")
        found += [owner.fingerprints(zone, values, user=None, purpose="p") for zone in ZONES]

    assert all(len(set(prints)) == len(values) for prints in found)
    assert len({each for prints in found for each in prints}) == len(values) * len(found)
    assert houses[0].asked_by("staff").fingerprints("case", values[:9], user=uuid4(), purpose="p") == found[0][:9]
    near = max(_likeness(one[n], other[n]) for one, other in pairwise(found) for n in range(len(values)))
    assert near < 110, "two fingerprints of one number must be as unlike as chance makes them"
    proof.measured(f"{len(values)} numbers in {len(ZONES)} zones of 2 houses: {len(values) * len(found)} different fingerprints")


@pytest.mark.safety("C31")
def test_guessing_without_the_key_finds_nothing_where_an_unkeyed_hash_falls(own, proof, size):
    """The attacker has the index column and tries every number; an unkeyed hash is the control, and falls."""
    tried = size(300_000, 3_000_000)
    target = list(_numbers(tried))[-7]
    stored = own.asked_by("owner").fingerprints("case", [target], user=None, purpose="p")[0]
    unkeyed = hashlib.sha256(target.encode()).digest()[:16]
    vault = own.vault()
    others = [vault.index["intake"], vault.index["protected"], vault.tenant.encode(), b"", secrets.token_bytes(32)]

    began = time.process_time()
    fell = next(number for number in _numbers(tried) if hashlib.sha256(number.encode()).digest()[:16] == unkeyed)
    seconds = time.process_time() - began
    numbers = list(_numbers(tried // 5))
    hits = sum(hmac.digest(key, number.encode(), "sha256")[:16] == stored for key in others for number in [*numbers, target])

    assert fell == target
    assert hits == 0
    assert hmac.digest(vault.index["case"], target.encode(), "sha256")[:16] == stored, "with the key it's found: so keep the key"
    whole = DAYS * SERIALS * seconds / tried
    proof.measured(
        f"unkeyed: found; all {DAYS * SERIALS / 1e6:.0f} million numbers take {whole / 60:.1f} min on one core. "
        f"With the wrong key: {hits} hits in {len(others) * len(numbers)} tries, and there are 2^256 keys"
    )


@pytest.mark.safety("C31")
def test_asking_the_service_for_every_number_takes_too_long_to_go_unseen(own, proof):
    """Who owns the staff process can ask for fingerprints: the limits decide how fast, and this says it honestly."""
    staff, user, asked = own.asked_by("staff"), uuid4(), 0
    with pytest.raises(TooMany):
        for number in _numbers(10_000):
            staff.fingerprints("protected", [number], user=user, purpose="p")
            asked += 1
    rates = {(each.zone, each.whose): each.most for each in limits.read(limits.SHIPPED, on=date.today()) if each.of == "searches"}
    days = {whose: DAYS * SERIALS / rates["protected", whose] / 24 for whose in ("person", "face")}
    case = DAYS * SERIALS / rates["case", "face"] / 24

    assert asked == rates["protected", "person"]
    assert days["person"] > 365 and days["face"] > 365 and case > 30
    proof.measured(
        f"asking the service for every number takes one user {days['person'] / 365:.0f} years and a taken-over staff process "
        f"{days['face'] / 365:.1f} years in the protected zone; {case:.0f} days for such a process in the case zone"
    )


def _likeness(one, other):
    """How many of 128 bits are the same (64 by chance)."""
    return 128 - (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
