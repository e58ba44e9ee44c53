"""`fridhem restore`: a house again, from a backup, on an empty machine; compared in full before it's called restored."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
import pyrage
from pyrage import x25519

from fridhem.cli import house, prepare, safekeeping, unsealing
from fridhem.cli.safekeeping import CONTENTS, DATABASE, FILES, KEYS, BackupFault, Manifest, Progress
from fridhem.foundation.database import programs
from fridhem.foundation.database.embedded import DatabaseUnavailable
from fridhem.foundation.keys import vault
from fridhem.foundation.keys.forgotten import Forgotten
from fridhem.foundation.keys.place import write_json
from fridhem.foundation.keys.vault import VaultClosed

OPENINGS = 1000  # sealed values that are opened to see that the keys fit, by each of those who may
MAY_OPEN = {"worker": ("case", "intake"), "staff": ("protected", "partner")}  # who tries what, within the limits of each


@dataclass(frozen=True)
class Order:
    """What is to be restored: which backup, opened by whom, whose tombstones count, and how many values are tried."""

    backup: Path
    identities: Sequence[x25519.Identity]
    keys: Path | None
    openings: int


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `restore` to the command line."""
    parser = subjects.add_parser("restore", help="make the house again from a backup, and compare it in full")
    parser.add_argument("backup", type=Path, help="the backup's folder, such as backups/20261121T023000Z")
    prepare.add_place(parser)
    parser.add_argument(
        "--identity", type=Path, action="append", default=[], metavar="FILE", help="an age key file of someone it was sealed to"
    )
    parser.add_argument(
        "--keys", type=Path, help="the keys folder of the house that was, if it still exists: it knows what was forgotten"
    )
    parser.add_argument("--open", type=int, default=OPENINGS, metavar="N", help="how many sealed values to open as a trial")
    parser.add_argument("--drill", action="store_true", help="restore beside the house in --data, compare, and remove it again")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore into the empty folder --data, or drill. 1 with the reason on stderr when it can't be done."""
    data = arguments.data.resolve()
    try:
        if arguments.drill:
            given = arguments.identity or [safekeeping.demonstration_key(data, whom) for whom in ("database", "keys")]
            order = Order(arguments.backup.resolve(), safekeeping.identities(given), data / "keys", arguments.open)
            return _drill(order, data)
        order = Order(arguments.backup.resolve(), safekeeping.identities(arguments.identity), arguments.keys, arguments.open)
        restore(order, data)
    except (BackupFault, programs.NoProgram, DatabaseUnavailable, VaultClosed, OSError, psycopg.Error) as error:
        return safekeeping.complain(error)
    print(f"The house is restored in {data}. Start it with: fridhem start --data {data} --no-demo")
    return 0


def _drill(order: Order, data: Path) -> int:
    """The same, in a folder that is removed afterwards; the house remembers when it went well."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="drill-", dir=data.parent) as folder:
        Path(folder).chmod(0o755)
        restore(order, Path(folder) / "house")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    safekeeping.remember(data, restored_at=now, restored=order.backup.name, restore_seconds=round(time.monotonic() - began, 1))
    print("The drill went well: the backup can be restored.")
    return 0


def restore(order: Order, data: Path) -> dict[str, Any]:
    """Make the house in the empty folder `data` and compare everything; what was found. Nothing is left when it fails.

    Raises `BackupFault` and what else stops it, with what to do.
    """
    if data.exists() and any(data.iterdir()):
        raise BackupFault(f"{data} isn't empty. A backup is restored into a new folder; name one with --data.")
    manifest = Manifest.read(order.backup)
    progress = Progress("Reading the backup through")
    safekeeping.check(order.backup, manifest, progress)
    contents = _contents(order)
    progress.done()
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    ready = None
    try:
        _unpack(order, manifest, data)
        ready = house.prepare(data, server_url=os.environ.get("FRIDHEM_DATABASE_URL"), serve_keys=True)
        found = _fill(order, contents, ready)
    except BaseException:
        if ready is not None:
            ready.stop()
        shutil.rmtree(data, ignore_errors=True)
        raise
    ready.stop()
    return found


def _contents(order: Order) -> dict[str, Any]:
    try:
        return json.loads(pyrage.decrypt((order.backup / f"{CONTENTS}.age").read_bytes(), list(order.identities)))
    except pyrage.DecryptError as error:
        raise BackupFault(
            f"The backup can't be opened: {error}. Name the key file of someone it was sealed to with --identity, "
            "one for the database and one for the keys."
        ) from None


# ── the folder ──


def _unpack(order: Order, manifest: Manifest, data: Path) -> None:
    for name in (KEYS, FILES):
        if name in manifest.parts:
            progress = Progress(f"Unpacking the {name}")
            with _unpacked_into(data) as stream:
                safekeeping.unseal(order.backup / f"{name}.age", order.identities, stream)
            progress.done()
    _remember_forgotten(order, data / "keys" / "forgotten")


@contextlib.contextmanager
def _unpacked_into(folder: Path) -> Iterator[IO[bytes]]:
    """A stream that takes a tar archive and leaves its files in `folder`, none of them elsewhere."""
    reading, writing = os.pipe()
    faults: list[Exception] = []

    def unpack() -> None:
        with os.fdopen(reading, "rb") as stream:
            try:
                with tarfile.open(fileobj=stream, mode="r|") as archive:
                    for member in archive:
                        archive.extract(_ours(member), folder)
            except (OSError, tarfile.TarError, BackupFault) as error:
                faults.append(error)
            while stream.read(safekeeping.PIECE):
                """Take in what is left, so that the writer isn't stopped."""

    reader = threading.Thread(target=unpack, daemon=True)
    reader.start()
    try:
        with os.fdopen(writing, "wb") as stream:
            yield stream
    finally:
        reader.join()
    if faults:
        raise BackupFault(f"The backup's files can't be unpacked: {faults[0]}")


def _ours(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file or folder that lands inside the one it's unpacked in, and belongs to whoever unpacks it. Raises `BackupFault`.

    What `tarfile`'s own filter does, which the first releases of Python 3.11 lack.
    """
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        raise BackupFault(f"{member.name!r} doesn't belong in a backup")
    member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
    member.mode = member.mode & 0o755 | (0o700 if member.isdir() else 0o600)
    return member


def _remember_forgotten(order: Order, here: Path) -> None:
    """What was forgotten after this backup stays forgotten: from the house that was, and from the newest backup beside this."""
    marks = [here.read_bytes()] if here.exists() else []
    if order.keys and (order.keys / "forgotten").exists():
        marks.append((order.keys / "forgotten").read_bytes())
    newest = safekeeping.backups_in(order.backup.parent)[-1:]
    for _made, folder in newest if newest and newest[0][1] != order.backup else []:
        with tempfile.TemporaryDirectory(dir=here.parent) as aside:
            with _unpacked_into(Path(aside)) as stream:
                safekeeping.unseal(folder / f"{KEYS}.age", order.identities, stream)
            later = Path(aside) / "keys" / "forgotten"
            marks += [later.read_bytes()] if later.exists() else []
    if marks:
        here.write_bytes(max(marks, key=len))  # the list only grows


# ── the database ──


def _fill(order: Order, contents: dict[str, Any], ready: house.House) -> dict[str, Any]:
    url = json.loads(ready.face("owner").read_text())["database_url"]
    with psycopg.connect(url, autocommit=True) as connection:
        if safekeeping.count_tables(connection):
            raise BackupFault("The database already holds tables. Name an empty one with FRIDHEM_DATABASE_URL.")
        _load(order, programs.path("pg_restore", connection), url)
        progress = Progress("Comparing every table")
        tables = safekeeping.count_tables(connection)
    wrong = sorted(name for name in {**tables, **contents["tables"]} if tables.get(name) != contents["tables"].get(name))
    if wrong:
        raise BackupFault(f"The restored database isn't the one that was saved: {', '.join(wrong)} differ.")
    rows = sum(int(count) for count, _sum in tables.values())
    progress.done(f"{len(tables)} tables, {rows} rows, all equal")
    prepare.update(ready)
    tried = {"forgotten": _remove_forgotten(ready, url), **_try_keys(order, ready)}
    return {"tables": len(tables), "rows": rows, **tried}


def _load(order: Order, program: Path, url: str) -> None:
    """Pour the database in, in one transaction: all of it or nothing."""
    progress = Progress("Restoring the database")
    command = [str(program), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    command += ["--dbname", str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])]
    process = subprocess.Popen(
        command, env=programs.environment(url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stdin is not None and process.stderr is not None
    try:
        counted = safekeeping.unseal(order.backup / f"{DATABASE}.age", order.identities, process.stdin)
        process.stdin.close()
    except BaseException:
        process.kill()
        process.wait()
        raise
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait():
        raise BackupFault(f"pg_restore stopped: {said[-400:]}")
    progress.done(f"{counted.size / 1e6:.1f} MB")


def _remove_forgotten(ready: house.House, url: str) -> int:
    """Take out the keys of what was disposed of after the backup: the key service won't open them, and now they are gone."""
    progress = Progress("Forgetting again what was forgotten")
    opened = vault.load(ready.keys, unsealing.identity(ready.keys))
    forgotten = Forgotten(ready.keys.forgotten, opened.journal)
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT id, zone, subject FROM crypto_object_key").fetchall() if len(forgotten) else []
        gone = [key for key, zone, subject in rows if forgotten.has(zone, str(subject))]
        connection.execute("DELETE FROM crypto_object_key WHERE id = ANY(%s)", [gone])
    progress.done(f"{len(gone)} keys removed")
    return len(gone)


def _try_keys(order: Order, ready: house.House) -> dict[str, Any]:
    """Open sealed values with the restored keys, and hold the record against its anchors."""
    progress = Progress(f"Opening {order.openings} sealed values")
    tried = [_try_as(face, zones, order.openings, ready) for face, zones in MAY_OPEN.items()]
    opened, links = sum(each["opened"] for each in tried), tried[0]["links"]
    progress.done(f"{opened} opened, the record's {links} lines hold")
    return {"opened": opened, "links": links}


def _try_as(face: str, zones: Sequence[str], openings: int, ready: house.House) -> dict[str, Any]:
    """Try as the key service knows `face`, with every row in sight: the walls between people aren't what is tried here."""
    trial = ready.face("trial")
    own, owner = (json.loads(ready.face(name).read_text()) for name in (face, "owner"))
    write_json(trial, {**own, "database_url": owner["database_url"]})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "django", "try_keys", "--open", str(openings), "--zones", *zones],
            env={**ready.environment(face), "FRIDHEM_SECRETS": str(trial)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        trial.unlink()
    if done.returncode:
        raise BackupFault(f"The restored keys don't open the restored values: {done.stderr.strip()[-400:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
