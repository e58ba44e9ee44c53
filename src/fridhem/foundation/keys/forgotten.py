"""Names whose keys are never opened again, also when a backup brings their rows back."""

import hmac
import os
import threading
from collections.abc import Sequence
from pathlib import Path

MARK_BYTES = 16


class Forgotten:
    """The list in one file, a keyed mark a name: the file itself tells nothing."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._lock = threading.Lock()
        content = path.read_bytes() if path.exists() else b""
        whole = len(content) - len(content) % MARK_BYTES
        if whole != len(content):  # a crash in the middle of a mark: it was never answered
            os.truncate(path, whole)
        self._marks = {content[i : i + MARK_BYTES] for i in range(0, whole, MARK_BYTES)}

    def __len__(self) -> int:
        return len(self._marks)

    def has(self, zone: str, name: str) -> bool:
        """Whether the name is forgotten."""
        return bool(self._marks) and self._mark(zone, name) in self._marks

    def add(self, zone: str, names: Sequence[str]) -> None:
        """Forget the names; safely on disk when this returns."""
        with self._lock:
            fresh = list(dict.fromkeys(mark for name in names if (mark := self._mark(zone, name)) not in self._marks))
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, b"".join(fresh))
                os.fsync(handle)
            finally:
                os.close(handle)
            self._marks.update(fresh)

    def _mark(self, zone: str, name: str) -> bytes:
        return hmac.digest(self._key, f"forgotten|{zone}|{name}".encode(), "sha256")[:MARK_BYTES]
