"""C08: a custodian and the passphrase are lost; any two of the others still recover everything, and one never does."""

from itertools import combinations

import pyrage
import pytest
from pyrage import x25519

from fridhem.foundation.keys import escrow, vault
from fridhem.foundation.keys.escrow import Custodian
from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.vault import VaultClosed

NAMES = ("anna", "bo", "cilla")


@pytest.mark.safety("C08")
def test_any_two_custodians_recover_everything_and_one_never(own, proof, size, tmp_path):
    staff = own.asked_by("staff")
    keys = [number.to_bytes(32, "big") for number in range(size(200, 2000))]
    custodians = {name: x25519.Identity.generate() for name in NAMES}
    escrow.appoint(own.place, [Custodian(name, str(key.to_public())) for name, key in custodians.items()], own.vault())
    identity = vault.read_key_file(own.place.key_file)
    before = [staff.wrap("case", f"before-{n}", key) for n, key in enumerate(keys)]
    escrow.keep(vault.rotated(own.vault(), "case"), own.place, identity)  # nobody has to come for this
    wrapped = [*before, *(staff.wrap("protected", f"after-{n}", key) for n, key in enumerate(keys))]
    wrapped += [staff.wrap("case", f"after-{n}", key) for n, key in enumerate(keys)]
    own.stop()
    folder = own.place.escrow
    own.place.vault.unlink()
    own.place.key_file.unlink()  # vault and key are gone; the envelopes are what is left

    recovered = {}
    for pair in combinations(NAMES, 2):  # whichever of the three is lost
        recovered[pair] = escrow.recover(folder, [custodians[name] for name in pair])
    opened = 0
    for number, held in enumerate(recovered.values()):
        place = Place(tmp_path / f"again-{number}" / "keys")
        escrow.keep(held, place, vault.make_key_file(place.key_file))
        own.place.folder.joinpath("faces.json").rename(place.faces) if number == 0 else None
        opened += _opened(held, wrapped, keys * 3)

    alone = 0
    for name in NAMES:
        for envelope in folder.glob("*.age"):
            alone += _opens_alone(envelope.read_bytes(), custodians[name])
        for given in ([custodians[name]], [custodians[name], custodians[name]], [custodians[name], x25519.Identity.generate()]):
            with pytest.raises(VaultClosed):
                escrow.recover(folder, given)

    assert opened == 3 * len(wrapped)
    assert alone == 0
    proof.measured(f"3 of 3 pairs opened {len(wrapped)} of {len(wrapped)} keys each; 1 custodian opened 0 of 9 envelopes")


def _opened(held, wrapped, keys):
    """How many of the wrapped keys this vault opens to what they were."""
    from nacl.public import PrivateKey, SealedBox

    from fridhem.foundation.keys.wrapped import unwrap

    boxes = {
        (zone, version): SealedBox(PrivateKey(half)) for zone, halves in held.pairs.items() for version, half in halves.items()
    }
    return sum(
        unwrap(each, boxes[each.zone, each.version], tenant=held.tenant) == key for each, key in zip(wrapped, keys, strict=True)
    )


def _opens_alone(envelope, identity):
    """Whether one identity gets at what lies in the envelope, from the outside or from within."""
    try:
        inner = pyrage.decrypt(envelope, [identity])
    except pyrage.DecryptError:
        return 0
    try:
        pyrage.decrypt(inner, [identity])
    except pyrage.DecryptError:
        return int(b"pairs" in inner)
    return 1
