"""`fridhem prepare`: make the database ready and bring it up to date, without serving."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fridhem.cli import house
from fridhem.foundation.database.embedded import DatabaseUnavailable
from fridhem.foundation.keys.vault import VaultClosed


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `prepare` to the command line."""
    parser = subjects.add_parser("prepare", help="make the database ready and up to date, without serving")
    add_place(parser)
    parser.set_defaults(run=run)


def add_place(parser: argparse.ArgumentParser) -> None:
    """The arguments that say where the house stands."""
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("FRIDHEM_DATA", ".fridhem")),
        help="the folder that holds everything this house keeps (FRIDHEM_DATA)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prepare, and leave the embedded server and the key service running for the administrator's next command."""
    try:
        prepared = house.prepare(arguments.data, server_url=os.environ.get("FRIDHEM_DATABASE_URL"), serve_keys=True)
    except (DatabaseUnavailable, VaultClosed) as error:
        print(error, file=sys.stderr)
        return 1
    update(prepared)
    return 0


def update(prepared: house.House) -> None:
    """Migrate the database, give the roles their rights, collect the static files."""
    step("Updating the database", prepared, "migrate", "--verbosity", "0")
    step("Giving each process its rights", prepared, "grant", "--verbosity", "0")
    step("Collecting pictures and styles", prepared, "collectstatic", "--noinput", "--verbosity", "0")


def step(what: str, prepared: house.House, *command: str, face: str = "owner") -> None:
    """Run one management command, saying what is done and how long it took.

    Raises `SystemExit` with the command's own words when it fails.
    """
    began = time.monotonic()
    print(f"  {what} …", end="", flush=True)
    failed = _run(command, prepared.environment(face))
    if failed:
        print(" stopped.")
        raise SystemExit(failed)
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def _run(command: Sequence[str], environment: dict[str, str]) -> str:
    """The command's complaint, or nothing when it went well; its progress is passed on as it comes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "django", *command],
        env=environment,
        stdout=None,
        stderr=subprocess.PIPE,
        text=True,
    )
    _out, said = process.communicate()
    return said.strip() or "It failed without a word." if process.returncode else ""
