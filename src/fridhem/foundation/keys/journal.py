"""The key service's own journal: what was opened, by whom, for what; outside the database and chained.

A line is JSON that ends in an HMAC over the line before and itself, so that a line that is changed, moved or taken away breaks
the chain. It is handed to the operating system before the answer leaves: a killed service has told all it did. It reaches
the disk within a tenth of a second: a power cut may lose that.
"""

import hmac
import json
import logging
import os
import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fridhem.foundation.keys.place import sync_folder

FILE_BYTES = 32 * 1024 * 1024  # a new file after so much, and every month
SYNC_SECONDS = 0.1
HEAD_SECONDS = 300  # how often the copy is told where the journal stands
TAIL_BYTES = 8 * 1024 * 1024  # how far back a torn end and the last hour are looked for
COPIED = frozenset({"anchor", "forget", "head", "file", "vault"})  # what the copy gets
SEAL_BYTES = len(',"mac":""}') + 64
BEGIN = "0" * 64

log = logging.getLogger("fridhem.keys")


class JournalFull(OSError):
    """The journal can't be written, so nothing may be opened."""


@dataclass
class Journal:
    """The journal in `folder`, open for writing. `copy`: a file elsewhere that gets the anchors too."""

    folder: Path
    key: bytes
    copy: Path | None = None
    seq: int = 0
    mac: str = BEGIN
    torn: int = 0
    copy_trouble: str = ""
    _file: Any = None
    _size: int = 0
    _month: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _dirty: threading.Event = field(default_factory=threading.Event)
    _copies: "queue.Queue[bytes | None]" = field(default_factory=queue.Queue)
    _threads: list[threading.Thread] = field(default_factory=list)
    _closing: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        """Find the end, set a torn last line aside, and begin to write."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = files(self.folder)
        if found:
            self._mend(found[-1])
            self._continue(found)
            self._file = _append_to(found[-1])
            self._size = found[-1].stat().st_size
            self._month = found[-1].stem.split("-", 1)[1]
        for work in (self._sync_often, self._copy_on):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def write(self, verb: str, **said: Any) -> bytes:
        """Append one line and hand it to the operating system. Raises `JournalFull`."""
        now = datetime.now(UTC)
        with self._lock:
            self._turn_page(now)
            line = self._append(verb, now, said)
        self._dirty.set()
        return line

    def close(self) -> None:
        """Bring everything to disk and stop writing."""
        self._closing.set()
        self._dirty.set()
        self._copies.put(None)
        for thread in self._threads:
            thread.join(2)
        with self._lock:
            if self._file is not None:
                os.fsync(self._file)
                os.close(self._file)
                self._file = None

    # ── how it is written ──

    def _append(self, verb: str, now: datetime, said: Mapping[str, Any]) -> bytes:
        content = {"seq": self.seq + 1, "at": now.isoformat(timespec="milliseconds"), "verb": verb, **said}
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)[:-1]
        mac = seal(self.key, self.mac, body.encode())
        line = f'{body},"mac":"{mac}"}}\n'.encode()
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise JournalFull(error.errno, "The journal can't be written.") from error
        if written < len(line):  # the disk filled up in the middle of the line
            os.ftruncate(self._file, self._size)
            raise JournalFull("The journal can't be written.")
        self.seq, self.mac, self._size = self.seq + 1, mac, self._size + written
        if verb in COPIED:
            self._copies.put(line)
        return line

    def _turn_page(self, now: datetime) -> None:
        """Begin a new file each month and when the one in use is full; its first line points at the last of the one before."""
        month = f"{now:%Y-%m}"
        if self._file is not None and month == self._month and self._size < FILE_BYTES:
            return
        try:
            new = _append_to(self.folder / f"{self.seq + 1:012d}-{month}.jsonl")
        except OSError as error:
            raise JournalFull(error.errno, "The journal can't be written.") from error
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
        self._file, self._month, self._size = new, month, os.fstat(new).st_size
        sync_folder(self.folder)
        self._append("file", now, {"after": self.mac})

    def _mend(self, last: Path) -> None:
        """Set aside what a crash left of a line: everything after the last whole one."""
        content = last.read_bytes()
        whole = content.rfind(b"\n") + 1
        while whole and _read(content[content.rfind(b"\n", 0, whole - 1) + 1 : whole]) is None:
            whole = content.rfind(b"\n", 0, whole - 1) + 1
        if whole == len(content):
            return
        self.torn = len(content) - whole
        aside = last.with_suffix(f".torn-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        aside.write_bytes(content[whole:])
        os.truncate(last, whole)
        log.warning("The journal ended in the middle of a line; %d bytes were set aside in %s.", self.torn, aside.name)

    def _continue(self, found: list[Path]) -> None:
        """Take up the number and the chain where the last line left them."""
        for path in reversed(found):
            line = _last_line(path)
            if line:
                self.seq, self.mac = line["seq"], line["mac"]
                return

    def _sync_often(self) -> None:
        told = 0
        waited = 0.0
        while not self._closing.wait(SYNC_SECONDS):
            if self._dirty.is_set():
                self._dirty.clear()
                with self._lock:
                    handle = os.dup(self._file) if self._file is not None else None
                if handle is not None:
                    os.fsync(handle)
                    os.close(handle)
            waited += SYNC_SECONDS
            if waited >= HEAD_SECONDS and self.seq > told:
                self.write("head")
                told, waited = self.seq, 0.0

    def _copy_on(self) -> None:
        """Write the anchors to the other place too. It may be slow or away: nobody waits for it."""
        while (line := self._copies.get()) is not None:
            if self.copy is None:
                continue
            try:
                self.copy.parent.mkdir(parents=True, exist_ok=True)
                with self.copy.open("ab") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
                self.copy_trouble = ""
            except OSError as error:
                if not self.copy_trouble:
                    log.warning("The anchors' copy %s can't be written: %s", self.copy, error.strerror)
                self.copy_trouble = error.strerror or "it can't be written"


# ── how it is read ──


def seal(key: bytes, before: str, body: bytes) -> str:
    """The HMAC of a line whose text up to the seal is `body`, after the line sealed with `before`."""
    return hmac.digest(key, before.encode() + body, "sha256").hex()


def files(folder: Path) -> list[Path]:
    """The journal's files, oldest first."""
    return sorted(folder.glob("*.jsonl"))


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """Every whole line, oldest first."""
    for path in files(folder):
        with path.open("rb") as file:
            yield from filter(None, map(_read, file))


def since(folder: Path, moment: datetime) -> list[dict[str, Any]]:
    """The lines written after `moment`, oldest first, as far back as the last megabytes go."""
    found: list[dict[str, Any]] = []
    for path in reversed(files(folder)):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            here = [line for line in map(_read, file) if line]
        fresh = [line for line in here if datetime.fromisoformat(line["at"]) > moment]
        found = fresh + found
        if len(fresh) < len(here) or not here:
            break
    return found


def _read(line: bytes) -> dict[str, Any] | None:
    """The line, if it is whole."""
    try:
        content = json.loads(line) if line.endswith(b"}\n") else None
    except ValueError:
        return None
    return content if isinstance(content, dict) and {"seq", "at", "verb", "mac"} <= content.keys() else None


def _last_line(path: Path) -> dict[str, Any] | None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        last = file.read().splitlines(keepends=True)[-1:]
    return _read(last[0]) if last else None


def _append_to(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


# ── how it is proved ──


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many lines, from which to which, and what is wrong (nothing, when it holds)."""

    count: int
    first: int
    last: int
    faults: tuple[str, ...]


def verify(folder: Path, key: bytes, copy: Path | None = None) -> Verdict:
    """Follow the chain from the first line kept to the last, and hold it against the copy of the anchors."""
    count, first, seq, before = 0, 0, 0, ""
    faults: list[str] = []
    awaited = _copied(copy) if copy else {}
    for path in files(folder):
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                content = _read(line)
                if content is None:
                    faults.append(f"{path.name}:{number} isn't a whole line")
                    continue
                if not count:  # older files may have been disposed of; the first line kept says what came before it
                    first, seq, before = content["seq"], content["seq"] - 1, content.get("after", BEGIN)
                count += 1
                body = line[: -SEAL_BYTES - 1]
                if content["seq"] != seq + 1 or not hmac.compare_digest(content["mac"], seal(key, before, body)):
                    faults.append(f"{path.name}:{number} doesn't follow line {seq}")
                seq, before = content["seq"], content["mac"]
                if awaited.pop(seq, line) != line:
                    faults.append(f"{path.name}:{number} isn't what the copy of the anchors says")
    missing = sorted(number for number in awaited if number >= first)
    if missing:
        faults.append(f"the copy of the anchors knows of {len(missing)} lines from {missing[0]} that aren't here")
    return Verdict(count, first, seq, tuple(faults))


def _copied(copy: Path) -> dict[int, bytes]:
    """seq → line, from the copy of the anchors."""
    if not copy.exists():
        return {}
    with copy.open("rb") as file:
        return {content["seq"]: line for line in file if (content := _read(line))}
