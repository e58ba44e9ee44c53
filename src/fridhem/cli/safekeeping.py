"""A backup on disk: what it is made of, how it is sealed, how long it lives.

TO/20261121T023000Z/
  manifest.json   when, which version, and the size and checksum of each part as it lies here
  contents.age    rows and checksum of every table; for those who may open the database
  database.age    pg_dump's archive, sealed to the people in DATA/recipients/database.txt
  files.age       the uploads' folder, when there is one, sealed to the same
  keys.age        the key service's folder and secrets.json, sealed to the people in DATA/recipients/keys.txt

Whoever opens the database finds ciphertext; whoever opens the keys finds a vault and no data. Everything is sealed while it is
read: nothing lies in clear on the way.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from psycopg import sql
from pyrage import x25519

RULES = Path(__file__).with_name("safekeeping.json")
STAMP = "%Y%m%dT%H%M%SZ"
DATABASE, FILES, KEYS, CONTENTS = "database", "files", "keys", "contents"
SEALED_TO = {DATABASE: "database", FILES: "database", CONTENTS: "database", KEYS: "keys"}
PIECE = 1024 * 1024  # bytes


class BackupFault(RuntimeError):
    """A backup can't be made or used; the message says what is wrong and what to do."""


# ── streams ──


@dataclass
class Counted:
    """A stream that is counted and summed as it passes, and says now and then how far it has come."""

    stream: Any
    said: Callable[[int], None] = lambda _size: None
    size: int = 0
    sum: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        return self._passed(self.stream.read(size))

    def write(self, piece: bytes) -> int:
        self.stream.write(self._passed(bytes(piece)))
        return len(piece)

    def flush(self) -> None:
        self.stream.flush()

    def _passed(self, piece: bytes) -> bytes:
        self.size += len(piece)
        self.sum.update(piece)
        self.said(self.size)
        return piece


class Nowhere:
    """Takes what is written and keeps nothing."""

    def write(self, piece: bytes) -> int:
        return len(piece)

    def flush(self) -> None:
        """Nothing to do."""


class Progress:
    """One line at the keyboard that grows while long work is done."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.began = self.told = time.monotonic()
        print(f"  {what} …", end="", flush=True)

    def __call__(self, amount: int) -> None:
        if time.monotonic() - self.told > 5:
            self.told = time.monotonic()
            print(f" {amount / 1e6:.0f} MB", end="", flush=True)

    def done(self, how: str = "") -> None:
        print(f" {how}{', ' if how else ''}{time.monotonic() - self.began:.1f} s", flush=True)


# ── what a backup says of itself ──


@dataclass(frozen=True)
class Part:
    """One file of a backup as it lies on disk."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What anyone may know of a backup."""

    made_at: str
    version: str
    server: int
    parts: Mapping[str, Part]

    def write(self, folder: Path) -> None:
        """Put it into the backup's folder."""
        (folder / "manifest.json").write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a backup. Raises `BackupFault`."""
        try:
            data = json.loads((folder / "manifest.json").read_text())
            return cls(**{**data, "parts": {name: Part(**part) for name, part in data["parts"].items()}})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupFault(f"{folder} is no whole backup: its manifest can't be read ({type(error).__name__}).") from None


def check(folder: Path, manifest: Manifest, said: Callable[[int], None] = lambda _size: None) -> None:
    """Read every part back and compare it with the manifest. Raises `BackupFault` that names the part."""
    for name, part in manifest.parts.items():
        place = folder / f"{name}.age"
        try:
            with place.open("rb") as stream:
                counted = Counted(stream, said)
                while counted.read(PIECE):
                    pass
        except OSError as error:
            raise BackupFault(f"{place} can't be read: {error.strerror}.") from None
        if (counted.size, counted.sum.hexdigest()) != (part.bytes, part.sha256):
            raise BackupFault(f"{place} isn't what was written: it was damaged or exchanged. Use another backup.")


def unseal(place: Path, identities: Sequence[x25519.Identity], to: Any) -> Counted:
    """Open a sealed part into the stream `to`, piece by piece. Raises `BackupFault`."""
    counted = Counted(to)
    try:
        with place.open("rb") as stream:
            pyrage.decrypt_io(stream, counted, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's own trouble; a damaged piece has no number
            raise
        raise BackupFault(f"{place} can't be opened ({error}). Is it damaged, or the key someone else's?") from None
    return counted


# ── to whom it is sealed ──


def recipients(data: Path, whom: str) -> list[x25519.Recipient]:
    """The public halves in DATA/recipients/WHOM.txt. A house that has none gets one of its own: for demonstrations only."""
    place = data / "recipients" / f"{whom}.txt"
    if not place.exists():
        _make_demonstration_recipient(place)
    lines = [line.strip() for line in place.read_text().splitlines()]
    try:
        found = [x25519.Recipient.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.RecipientError as error:
        raise BackupFault(f"{place} has a line that is no public half (age1…): {error}.") from None
    if not found:
        raise BackupFault(f"{place} names nobody: write at least one public half (age1…) there.")
    return found


def demonstration_key(data: Path, whom: str) -> Path:
    """Where a house keeps the private half that it made itself."""
    return data / "recipients" / f"demo-{whom}.key"


def _make_demonstration_recipient(place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = x25519.Identity.generate()
    private = demonstration_key(place.parent.parent, place.stem)
    private.touch(mode=0o600)
    private.write_text(f"{identity}\n")
    place.write_text(
        f"# Made for the demonstration: its private half lies beside it, in {private.name}.\n{identity.to_public()}\n"
    )


def identities(places: Iterable[Path]) -> list[x25519.Identity]:
    """The private halves in age key files. Raises `BackupFault`."""
    found = []
    for place in places:
        try:
            lines = place.read_text().splitlines()
            found += [x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        except (OSError, UnicodeDecodeError, pyrage.IdentityError):
            raise BackupFault(f"{place} can't be read as an age key file.") from None
    return found


# ── what the tables hold ──


def count_tables(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Table → [rows, a sum over all its rows that doesn't depend on their order]."""
    for setting in ("TimeZone = 'UTC'", "DateStyle = 'ISO'", "bytea_output = 'hex'", "extra_float_digits = 3"):
        connection.execute(f"SET {setting}")
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    found = {}
    for (name,) in names:
        query = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) FROM {} t"
        row = connection.execute(sql.SQL(query).format(sql.Identifier("public", name))).fetchone()
        assert row is not None, "an aggregate answers with one row"
        found[name] = [str(row[0]), str(row[1])]
    return found


# ── how long it lives ──


@dataclass(frozen=True)
class Life:
    """How long backups are kept: every one of the last `all_hours`, then the last of each day, until `life_days`."""

    life_days: int
    all_hours: int

    @classmethod
    def on(cls, day: date) -> "Life":
        """The rule in force that day."""
        rules = [rule for rule in json.loads(RULES.read_text())["rules"] if date.fromisoformat(rule["from"]) <= day]
        newest = max(rules, key=lambda rule: rule["from"])
        return cls(newest["life_days"], newest["all_hours"])


def backups_in(place: Path) -> list[tuple[datetime, Path]]:
    """The whole backups in a folder, oldest first."""
    found = []
    for folder in place.iterdir() if place.is_dir() else ():
        try:
            made = datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if (folder / "manifest.json").exists():
            found.append((made, folder))
    return sorted(found)


def outlived(made: Sequence[datetime], now: datetime, life: Life) -> list[datetime]:
    """Which of these backups go: the too old, and all but the last of a day that is past. The newest one always stays."""
    last_of_day = {each.date(): each for each in sorted(made)}
    newest = max(made, default=now)
    return [
        each
        for each in made
        if each != newest
        and (
            now - each > timedelta(days=life.life_days)
            or (now - each > timedelta(hours=life.all_hours) and each != last_of_day[each.date()])
        )
    ]


def prune(place: Path, now: datetime) -> list[Path]:
    """Remove what has outlived itself, and halves that a broken run left; what was removed."""
    known = dict(backups_in(place))
    gone = [known[made] for made in outlived(list(known), now, Life.on(now.date()))]
    gone += [half for half in place.glob("*.part") if now.timestamp() - half.stat().st_mtime > 24 * 3600]
    for folder in gone:
        shutil.rmtree(folder)
    return gone


# ── what the house remembers of it ──


def remember(data: Path, **what: Any) -> None:
    """Note in DATA/backups.json when something was last done, for the health page. Whole or not at all."""
    place = data / "backups.json"
    known = json.loads(place.read_text()) if place.exists() else {}
    draft = place.with_suffix(".new")
    draft.write_text(json.dumps({**known, **what}, indent=1))
    draft.replace(place)


def safely_on_disk(folder: Path) -> None:
    """Wait until everything in a folder, and its name, would survive a power cut."""
    for path in (*folder.iterdir(), folder, folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def complain(error: Exception) -> int:
    """Say what is wrong on stderr; the exit code."""
    print(f"\n{error}", file=sys.stderr)
    return 1
