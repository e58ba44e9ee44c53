"""`fridhem backup`: everything the house keeps, sealed to people who aren't on this machine, and read back."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
import pyrage

from fridhem.cli import house, prepare, safekeeping
from fridhem.cli.safekeeping import CONTENTS, DATABASE, FILES, KEYS, BackupFault, Counted, Manifest, Nowhere, Part, Progress
from fridhem.foundation.database import programs
from fridhem.foundation.database.embedded import DatabaseUnavailable

SPARE = 1.2  # so much more room than the last backup took must be free


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `backup` to the command line."""
    parser = subjects.add_parser("backup", help="make a sealed backup, read it back, remove those that have outlived themselves")
    prepare.add_place(parser)
    add_target(parser)
    parser.add_argument("--prune", action="store_true", help="only remove those that have outlived themselves")
    parser.add_argument("--every", type=float, metavar="MINUTES", help="go on until stopped, one each so many minutes")
    parser.set_defaults(run=run)


def add_target(parser: argparse.ArgumentParser) -> None:
    """The argument that says where backups go."""
    given = os.environ.get("FRIDHEM_BACKUP_TO")
    parser.add_argument(
        "--to",
        type=Path,
        default=Path(given) if given else None,
        help="the folder for backups (FRIDHEM_BACKUP_TO, else DATA/backups)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make a backup, or go on making them. 1 with the reason on stderr when it can't be made."""
    data = arguments.data.resolve()
    to = (arguments.to or data / "backups").resolve()
    if arguments.prune:
        return _say_gone(safekeeping.prune(to, datetime.now(UTC)))
    while True:
        code = _once(data, to)
        if not arguments.every:
            return code
        time.sleep(arguments.every * 60)


def _once(data: Path, to: Path) -> int:
    try:
        folder = make(data, to, now=datetime.now(UTC))
    except (BackupFault, programs.NoProgram, DatabaseUnavailable, OSError, psycopg.Error) as error:
        safekeeping.remember(data, trouble=type(error).__name__, trouble_at=datetime.now(UTC).isoformat(timespec="seconds"))
        return safekeeping.complain(error)
    print(f"The backup lies in {folder}.")
    return _say_gone(safekeeping.prune(to, datetime.now(UTC)))


def _say_gone(gone: list[Path]) -> int:
    for folder in gone:
        print(f"  Removed {folder.name}, which had outlived itself.")
    return 0


def make(data: Path, to: Path, *, now: datetime) -> Path:
    """Make a backup of the house in `data`, a folder of its own in `to`, read back before it gets its name.

    Raises `BackupFault`, `OSError`, `psycopg.Error`; then there is no such folder.
    """
    if not (data / "secrets.json").exists():
        raise BackupFault(f"There is no house in {data}. Name its folder with --data.")
    began = time.monotonic()
    folder = to / now.strftime(safekeeping.STAMP)
    half = folder.with_suffix(".part")
    half.mkdir(mode=0o700, parents=True)
    try:
        _check_room(to)
        with _open_house(data) as url, psycopg.connect(url) as connection:
            manifest = _write(data, half, url, connection, now)
        _read_back(data, half, manifest)
        safekeeping.safely_on_disk(half)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    size = sum(part.bytes for part in manifest.parts.values())
    safekeeping.remember(
        data, made_at=manifest.made_at, bytes=size, seconds=round(time.monotonic() - began, 1), to=str(to), trouble=None
    )
    return folder


def _check_room(to: Path) -> None:
    """Raise `BackupFault` when the next backup wouldn't fit where the last one lies."""
    known = safekeeping.backups_in(to)
    last = sum(path.stat().st_size for path in known[-1][1].iterdir()) if known else 0
    if shutil.disk_usage(to).free < last * SPARE:
        raise BackupFault(f"There isn't room for another backup in {to}: free some space, or choose another folder with --to.")


@contextlib.contextmanager
def _open_house(data: Path) -> Iterator[str]:
    """The owner's address of the house's database; its embedded server is woken when it sleeps, and put to sleep again."""
    owner = data / "faces" / "owner.json"
    with contextlib.suppress(OSError, KeyError, psycopg.OperationalError):
        url = json.loads(owner.read_text())["database_url"]
        psycopg.connect(url, connect_timeout=5).close()
        yield url
        return
    woken = house.prepare(data, server_url=os.environ.get("FRIDHEM_DATABASE_URL"))
    try:
        yield json.loads(owner.read_text())["database_url"]
    finally:
        woken.stop()


def _write(data: Path, half: Path, url: str, connection: psycopg.Connection, now: datetime) -> Manifest:
    """All parts of one and the same moment of the database."""
    connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None, "a function answers with one row"
    parts, clear = {}, {}
    dump = [str(programs.path("pg_dump", connection)), "--format=custom", f"--snapshot={row[0]}", "--no-password"]
    with _output_of(dump, programs.environment(url)) as stream:
        parts[DATABASE], clear[DATABASE] = _seal(data, half, DATABASE, stream, "Sealing the database")
    if (data / FILES).is_dir():
        with _archive_of(data, [FILES]) as stream:
            parts[FILES], clear[FILES] = _seal(data, half, FILES, stream, "Sealing the files")
    with _archive_of(data, ["secrets.json", "keys"]) as stream:
        parts[KEYS], clear[KEYS] = _seal(data, half, KEYS, stream, "Sealing the keys, by themselves")
    contents = {"tables": safekeeping.count_tables(connection), "clear": clear}
    parts[CONTENTS] = _seal_small(data, half, CONTENTS, json.dumps(contents).encode())
    made_at = now.isoformat(timespec="seconds")
    manifest = Manifest(made_at, version("fridhem"), connection.info.server_version // 10000, parts)
    manifest.write(half)
    return manifest


def _seal(data: Path, half: Path, name: str, stream: IO[bytes], what: str) -> tuple[Part, str]:
    """Seal a stream as it comes into a part; what it became, and the checksum of what it was."""
    progress = Progress(what)
    with (half / f"{name}.age").open("wb") as file:
        read, written = Counted(stream, progress), Counted(file)
        pyrage.encrypt_io(read, written, safekeeping.recipients(data, safekeeping.SEALED_TO[name]))
    progress.done(f"{written.size / 1e6:.1f} MB")
    return Part(written.size, written.sum.hexdigest()), read.sum.hexdigest()


def _seal_small(data: Path, half: Path, name: str, content: bytes) -> Part:
    sealed = pyrage.encrypt(content, safekeeping.recipients(data, safekeeping.SEALED_TO[name]))
    (half / f"{name}.age").write_bytes(sealed)
    counted = Counted(Nowhere())
    counted.write(sealed)
    return Part(counted.size, counted.sum.hexdigest())


@contextlib.contextmanager
def _output_of(command: list[str], environment: dict[str, str]) -> Iterator[IO[bytes]]:
    """What a program writes, as it comes. Raises `BackupFault` with its last words when it fails."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    try:
        yield process.stdout
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
        said = process.stderr.read().decode(errors="replace").strip()
        process.stderr.close()
        failed = process.wait()
    if failed:
        raise BackupFault(f"pg_dump stopped: {said[-400:]}")


@contextlib.contextmanager
def _archive_of(data: Path, names: list[str]) -> Iterator[IO[bytes]]:
    """A tar stream of what the house keeps under these names. Sockets and locks stay out."""
    reading, writing = os.pipe()
    faults: list[Exception] = []

    def write() -> None:
        try:
            with os.fdopen(writing, "wb") as stream, tarfile.open(fileobj=stream, mode="w|") as archive:
                for name in names:
                    archive.add(data / name, name, filter=_only_files)
        except (OSError, tarfile.TarError) as error:
            faults.append(error)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    with os.fdopen(reading, "rb") as stream:
        yield stream
    writer.join()
    if faults:
        raise BackupFault(f"The files couldn't be read: {faults[0]}")


def _only_files(found: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return found if (found.isfile() or found.isdir()) and not found.name.endswith((".new", "/serving")) else None


def _read_back(data: Path, half: Path, manifest: Manifest) -> None:
    """Compare what lies on the disk with what was written; open it too, where the private half is at hand."""
    progress = Progress("Reading it back")
    safekeeping.check(half, manifest, progress)
    opened = _open_all(data, half, manifest)
    progress.done("opened and compared" if opened else "compared")


def _open_all(data: Path, half: Path, manifest: Manifest) -> bool:
    keys = [place for whom in ("database", "keys") if (place := safekeeping.demonstration_key(data, whom)).exists()]
    if len(keys) < 2:
        return False
    mine = safekeeping.identities(keys)
    contents: dict[str, Any] = json.loads(pyrage.decrypt((half / f"{CONTENTS}.age").read_bytes(), mine))
    for name, wanted in contents["clear"].items():
        if safekeeping.unseal(half / f"{name}.age", mine, Nowhere()).sum.hexdigest() != wanted:
            raise BackupFault(f"{name}.age doesn't open to what was put in. The disk or the memory may be faulty.")
    return True
