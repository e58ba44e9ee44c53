"""The receipt: twenty digits that are the only key to a mailbox, and that we don't keep.

Argon2id stretches the digits once; one half finds the mailbox, the other is the seed of the mailbox's own key pair. So the
database can find a mailbox and put answers into it, but neither it nor we can open one without the digits.
"""

import secrets
import threading
from dataclasses import dataclass

from nacl.encoding import RawEncoder
from nacl.hash import blake2b
from nacl.public import PrivateKey
from nacl.pwhash import argon2id

DIGITS = 20  # 66.4 bits
GROUP = 4
MEMORY = 128 * 1024 * 1024  # bytes
PASSES = 3
AT_ONCE = threading.BoundedSemaphore(4)  # so many are stretched at a time: more would take the memory that pages need


class NotAReceipt(ValueError):
    """What was typed isn't twenty digits."""


@dataclass(frozen=True)
class Mailbox:
    """What a receipt opens: `lookup` (32 bytes) finds it, `key` opens what was put into it."""

    lookup: bytes
    key: PrivateKey


def new_receipt() -> str:
    """A fresh receipt, as five groups of four digits."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
    return " ".join(digits[i : i + GROUP] for i in range(0, DIGITS, GROUP))


def digits_of(typed: str) -> str:
    """The twenty digits in what a person typed, in any writing system's digits, with or without blanks and hyphens.

    Raises `NotAReceipt`.
    """
    kept = [sign for sign in typed if not (sign.isspace() or sign in "-–—‐.")]
    if len(kept) != DIGITS or not all(sign.isdecimal() for sign in kept):
        raise NotAReceipt("A receipt is twenty digits.")
    return "".join(str(int(sign)) for sign in kept)


def mailbox(receipt: str, salt: bytes) -> Mailbox:
    """The mailbox of `receipt`; `salt` is the municipality's own 16 bytes. Costs about a third of a second on purpose.

    Raises `NotAReceipt`.
    """
    digits = digits_of(receipt).encode()
    with AT_ONCE:
        stretched = argon2id.kdf(64, digits, salt, opslimit=PASSES, memlimit=MEMORY)
    lookup = blake2b(stretched[:32], digest_size=32, person=b"fridhem lookup", encoder=RawEncoder)
    return Mailbox(lookup=lookup, key=PrivateKey(stretched[32:]))
