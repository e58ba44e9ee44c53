"""`fridhem record verify`: does the record hold together, and is it the one that was anchored?"""

import argparse
import os
import subprocess
import sys

from fridhem.cli import house, prepare
from fridhem.foundation.database.embedded import DatabaseUnavailable
from fridhem.foundation.keys.vault import VaultClosed


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `record` to the command line."""
    parser = subjects.add_parser("record", help="verify that nobody has altered the record of who did what")
    parser.add_argument("what", choices=["verify"])
    prepare.add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify, and say where the chain is broken. 0 when it holds, 1 when it doesn't or can't be read."""
    try:
        ready = house.prepare(arguments.data, server_url=os.environ.get("FRIDHEM_DATABASE_URL"), serve_keys=True)
    except (DatabaseUnavailable, VaultClosed) as error:
        print(error, file=sys.stderr)
        return 1
    try:
        command = [sys.executable, "-m", "django", "record_verify"]
        return subprocess.run(command, env=ready.environment("owner"), check=False).returncode
    finally:
        if ready.key_service:  # ours, and nobody else's
            ready.key_service.stop()
