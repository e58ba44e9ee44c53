"""C24: all keys of one zone, and all that its process may ask for, open nothing of another."""

import contextlib
import hashlib
import hmac
import secrets
from itertools import permutations
from uuid import uuid4

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from fridhem.foundation.keys.client import KeyMissing, Unopenable, Wrapped
from fridhem.foundation.keys.wrapped import unwrap, wrap


def _secrets_of(vault, zone):
    """Everything of a zone that an attacker can hold or make of it: private halves, index key, and what hashes make of them."""
    own = [*vault.pairs[zone].values(), vault.index[zone]]
    for other in vault.pairs:
        own += [hmac.digest(secret, other.encode(), "sha256") for secret in own[:2]]
        own += [hashlib.sha256(secret + other.encode()).digest() for secret in own[:2]]
    return own


@pytest.mark.safety("C24")
def test_all_keys_of_a_zone_open_nothing_of_another(own, proof, size):
    vault = own.vault()
    each_pair = size(100, 1000)
    tries = opened = controls = 0
    for mine, other in permutations(vault.pairs, 2):
        stolen = _secrets_of(vault, mine)
        target = PublicKey(bytes(PrivateKey(vault.pairs[other][1]).public_key))
        for number in range(each_pair):
            name, key = str(uuid4()), secrets.token_bytes(32)
            box = wrap(key, target, tenant=vault.tenant, zone=other, name=name, version=1)
            half = SealedBox(PrivateKey(stolen[number % len(stolen)]))
            for said in (box, Wrapped(mine, name, 1, box.box)):
                tries += 1
                opened += _opens(said, half, vault.tenant)
            controls += unwrap(box, SealedBox(PrivateKey(vault.pairs[other][1])), tenant=vault.tenant) == key
            with pytest.raises(CryptoError):
                half.decrypt(box.box)

    assert opened == 0
    assert controls == 12 * each_pair, "the zone's own key must open each"
    proof.measured(
        f"{opened} of {tries} opened with another zone's keys over 12 pairs of zones; {controls} of {controls} with their own"
    )


@pytest.mark.safety("C24")
def test_a_process_gets_nothing_of_a_zone_that_is_not_its_own(own, proof, size):
    """The worker may open intake and case: protected keys are asked for plainly, under other zones' names, and replaced."""
    worker, staff = own.asked_by("worker"), own.asked_by("staff")
    own.limit(protected=100_000, case=100_000, intake=100_000)
    wanted = [staff.wrap("protected", str(uuid4()), secrets.token_bytes(32)) for _ in range(size(300, 1000))]
    got = 0
    for each in wanted:
        for zone in ("protected", "case", "intake", "partner", "PROTECTED", "protected\0", "case|protected", ""):
            with contextlib.suppress(KeyMissing, Unopenable):
                got += len(worker.unwrap([Wrapped(zone, each.name, 1, each.box)], user=uuid4(), purpose="p"))

    assert got == 0
    assert len(staff.unwrap(wanted, user=uuid4(), purpose="p")) == len(wanted)
    proof.measured(f"0 of {len(wanted) * 8} protected keys opened for the worker, under 8 names of zones")


def _opens(said, half, tenant):
    try:
        unwrap(said, half, tenant=tenant)
    except Unopenable:
        return 0
    return 1
