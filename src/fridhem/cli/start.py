"""`fridhem start`: the whole house with one command, until Ctrl-C."""

import argparse
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from fridhem.cli import house, parts, prepare
from fridhem.cli.parts import GivenUp, Part
from fridhem.foundation.database.embedded import DatabaseUnavailable
from fridhem.foundation.keys.vault import VaultClosed

PATIENCE = 90.0  # seconds that a face may need to answer, on a machine that has much else to do


@dataclass(frozen=True)
class Face:
    """One serving process and where it answers."""

    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `start` to the command line."""
    parser = subjects.add_parser("start", help="start everything: database, key service, public face, staff face, worker")
    prepare.add_place(parser)
    parser.add_argument("--public-port", type=int, default=int(os.environ.get("FRIDHEM_PUBLIC_PORT", "8000")))
    parser.add_argument("--staff-port", type=int, default=int(os.environ.get("FRIDHEM_STAFF_PORT", "8001")))
    parser.add_argument(
        "--backup-every",
        type=float,
        metavar="MINUTES",
        default=float(os.environ.get("FRIDHEM_BACKUP_MINUTES", "0")),
        help="make a backup each so many minutes while the house is open (FRIDHEM_BACKUP_MINUTES; 0: never)",
    )
    parser.add_argument("--no-demo", action="store_true", help="an empty house, without the demonstration municipality")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start, serve until Ctrl-C (or SIGTERM), stop cleanly. 1 when it can't start, with the reason on stderr."""
    began = time.monotonic()
    faces = (Face("public", arguments.public_port), Face("staff", arguments.staff_port))
    busy = [face for face in faces if _is_busy(face.port)]
    if busy:
        for face in busy:
            print(
                f"Port {face.port} for the {face.name} face is taken by another program. "
                f"Stop that one, or choose another port with FRIDHEM_{face.name.upper()}_PORT.",
                file=sys.stderr,
            )
        return 1
    print("Fridhem is waking up.", flush=True)
    try:
        lock = _lock(arguments.data)
        if not (arguments.data / "secrets.json").exists():
            print("  Making the database (only the first time) …", flush=True)
        ready = house.prepare(arguments.data, server_url=os.environ.get("FRIDHEM_DATABASE_URL"), serve_keys=True)
    except (DatabaseUnavailable, VaultClosed) as error:
        print(error, file=sys.stderr)
        return 1
    running: list[Part] = []
    aside: list[subprocess.Popen[bytes]] = []
    for asked in (signal.SIGTERM, signal.SIGINT):  # also where a shell started us in the background
        signal.signal(asked, _as_interrupt)
    try:
        _make_ready(ready, demo=not arguments.no_demo)
        _serve(ready, faces, running, demo=not arguments.no_demo)
        aside += _keep_backing_up(ready, arguments.backup_every)
        _greet(ready, faces, demo=not arguments.no_demo, seconds=time.monotonic() - began)
        parts.watch(running, *ready.minds())
    except KeyboardInterrupt:
        print("\nGood night.")
    except GivenUp as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for process in aside:
            process.terminate()
        parts.stop(running)
        ready.stop()
        lock.close()
    return 0


def _lock(folder: Path) -> IO[str]:
    """Keep the house to ourselves while the file is open. Raises `DatabaseUnavailable` when someone else has it open."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "open").open("w")
    except OSError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} can't be used: {error.strerror}. Choose another with FRIDHEM_DATA."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DatabaseUnavailable(
            f"The house in {folder} is already open: close it first, or choose another with FRIDHEM_DATA."
        ) from error
    return lock


def _make_ready(ready: house.House, *, demo: bool) -> None:
    """Bring the database up to date; load the demonstration into an empty one."""
    database = hashlib.sha256(ready.face("owner").read_bytes()).hexdigest()[:12]
    stamp = ready.data / f"ready-{database}"
    version = _version()
    if not stamp.exists() or stamp.read_text() != version:
        prepare.update(ready)
        stamp.write_text(version)
    loaded = ready.data / f"demonstration-{database}"
    if demo and not loaded.exists():
        prepare.step("Moving the people of Fridköping in", ready, "demonstration")
        loaded.touch()


def _version() -> str:
    """A fingerprint of what decides the database's shape and the static files: newest change of the package's files."""
    package = Path(house.__file__).parent.parent
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return f"{len(files)} {max(path.stat().st_mtime_ns for path in files)}"


def _serve(ready: house.House, faces: tuple[Face, ...], running: list[Part], *, demo: bool) -> None:
    """Start a process per face and the worker, add each to `running` as it starts, and wait until the faces answer."""
    extra = {"FRIDHEM_PUBLIC_URL": faces[0].url, "FRIDHEM_DEMO": "1" if demo else ""}
    worker = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1"]
    for part in (
        *(Part(f"{face.name} face", _granian(face.port), {**ready.environment(face.name), **extra}) for face in faces),
        Part("worker", worker, {**ready.environment("worker"), **extra}),
    ):
        running.append(part)
        part.start()
    for face, part in zip(faces, running, strict=False):
        _await(face, part)


def _keep_backing_up(ready: house.House, minutes: float) -> list[subprocess.Popen[bytes]]:
    """A process that makes backups now and then. The house stays open when it fails; the health page tells."""
    if not minutes:
        return []
    command = [sys.executable, "-m", "fridhem.cli.main", "backup", "--data", str(ready.data), "--every", str(minutes)]
    with (ready.data / "logs" / "backup.log").open("ab") as log:
        return [subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)]


def _granian(port: int) -> list[str]:
    """The command that serves a face."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
    return [*command, "fridhem.site.wsgi:application"]


def _await(face: Face, part: Part) -> None:
    """Wait until the face answers. Raises `SystemExit` when its process ends or stays silent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if part.has_stopped():
            raise SystemExit(f"The {face.name} face stopped at once; what it said stands above.")
        try:
            urllib.request.urlopen(face.url, timeout=2).close()  # noqa: S310  (our own loopback address)
            return
        except urllib.error.HTTPError:
            return  # it answers, whatever it says
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The {face.name} face on {face.url} didn't answer within {PATIENCE:.0f} seconds.")


def _greet(ready: house.House, faces: tuple[Face, ...], *, demo: bool, seconds: float) -> None:
    public, staff = faces
    print(f"\nFridhem is open after {seconds:.1f} seconds.\n")
    print(f"  For the public   {public.url}")
    print(f"  For the staff    {staff.url}")
    if demo:
        print("\n  On the staff's first page, step into any role with one click.")
    if ready.keys.key_file.exists():
        print("\n  The vault opens by itself, with the file keys/demo.key beside it: for demonstrations only.")
        print("  Where there are real people, run `fridhem keys lock` and start the key service with a passphrase.")
    print("\nCtrl-C closes.", flush=True)


def _is_busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
