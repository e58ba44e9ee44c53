"""The key service's process, started by `fridhem start` and `fridhem keys serve`. It imports little, so that it's up at once."""

import argparse
import logging
import os
import pwd
import sys
from pathlib import Path

from pyrage import x25519

from fridhem.foundation.keys import service, vault
from fridhem.foundation.keys.place import Place


def main() -> int:
    """Serve until told to stop; the identity that opens the vault comes in a key file, or on standard input."""
    parser = argparse.ArgumentParser(prog="python -m fridhem.foundation.keys")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key-file", type=Path, help="an age key file; without it the identity is read from standard input")
    parser.add_argument("--copy", type=Path, help="where the anchors are written too")
    parser.add_argument("--user", default="", help="serve as this user of the system")
    parser.add_argument("--peer", action="append", default=[], help="a user of the system whose processes may ask")
    arguments = parser.parse_args()
    logging.basicConfig(format="Key service: %(message)s")
    place = Place(arguments.folder)
    try:
        identity = vault.read_key_file(arguments.key_file) if arguments.key_file else _identity_given()
        peers = {os.geteuid(), *(pwd.getpwnam(name).pw_uid for name in arguments.peer)}
        if arguments.user:
            service.become(pwd.getpwnam(arguments.user), place)
        service.serve(place, identity, copy=arguments.copy, peers=peers)
    except (vault.VaultClosed, KeyError, OSError) as error:
        sys.stderr.write(f"The key service can't start: {error}\n")
        return 1
    return 0


def _identity_given() -> x25519.Identity:
    return x25519.Identity.from_str(sys.stdin.readline().strip())


if __name__ == "__main__":
    sys.exit(main())
