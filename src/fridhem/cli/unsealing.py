"""What opens the vault: a key file, or a passphrase that a person knows."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from pyrage import x25519

from fridhem.foundation.keys import vault
from fridhem.foundation.keys.place import Place

SHORTEST = 20  # letters: five words that don't belong together


def add_key_file(parser: argparse.ArgumentParser) -> None:
    """The argument that names a key file."""
    parser.add_argument(
        "--key-file", type=Path, help="an age key file that opens the vault, instead of asking for the passphrase"
    )


def identity(place: Place, key_file: Path | None = None) -> x25519.Identity:
    """What opens the vault: the named key file, the house's own, or the passphrase. Raises `vault.VaultClosed`."""
    if key_file or place.key_file.exists():
        return vault.read_key_file(key_file or place.key_file)
    return vault.unlock_with_passphrase(ask("The vault's passphrase: "), place)


def ask(question: str) -> str:
    """Ask without showing; when nobody sits at the keyboard, the first line of standard input."""
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def new_passphrase() -> str:
    """A passphrase that was typed twice. Raises `vault.VaultClosed`."""
    phrase = ask(f"A new passphrase, at least {SHORTEST} signs (five words that don't belong together): ")
    if len(phrase) < SHORTEST:
        raise vault.VaultClosed(f"It's too short: at least {SHORTEST} signs.")
    if ask("Once more: ") != phrase:
        raise vault.VaultClosed("They weren't the same; nothing was changed.")
    return phrase


def anchors_copy() -> Path | None:
    """Where the anchors are written too: a mount from another machine, say."""
    named = os.environ.get("FRIDHEM_ANCHORS", "")
    return Path(named) if named else None
