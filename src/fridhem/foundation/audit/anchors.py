"""Where the chain stood, told to someone who isn't the database: the key service writes it down in its journal."""

from fridhem.foundation.audit import chain
from fridhem.foundation.audit.chain import Fault, Report
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.keys.client import Anchor

CHAIN = "audit"  # the chain's name in the journal
RECENT = 5000  # links: how far back every anchoring looks


def anchor() -> list[Fault]:
    """Tell the journal where the chain stands now, unless its newest part isn't what the journal was told: then what is wrong.

    A tail that was cut off or written anew is so found within a minute. Raises `KeysAway` when the key service doesn't answer.
    """
    seq, digest = chain.tail()
    known = key_service().anchors(CHAIN, after=max(0, seq - RECENT))
    faults = chain.compare(known)
    if not faults and seq > (known[-1].seq if known else 0):
        key_service().anchor(CHAIN, seq, digest)
    return faults


def known() -> list[Anchor]:
    """Every anchor, oldest first. Raises `KeysAway`."""
    return key_service().anchors(CHAIN)


def verify() -> Report:
    """Recompute the whole chain and hold it against every anchor. Raises `KeysAway`."""
    return chain.verify(known())
