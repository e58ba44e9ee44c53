"""Where other chains stood, and when: the record's newest line, told to the journal so that its end can't be cut away unseen."""

import json
import threading
from pathlib import Path
from typing import Any


class Anchors:
    """The journal's anchor lines once more in a file of their own, read the first time someone asks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._held: dict[str, list[list[Any]]] | None = None

    def add(self, line: bytes) -> None:
        """Keep a line of the journal."""
        with self._lock:
            with self._path.open("ab") as file:
                file.write(line)
            if self._held is not None:
                self._keep(self._held, line)

    def of(self, chain: str, *, after: int) -> list[list[Any]]:
        """[number, digest in hex, when] of the chain's anchors with a higher number than `after`, in order."""
        with self._lock:
            if self._held is None:
                held: dict[str, list[list[Any]]] = {}
                for line in self._path.read_bytes().splitlines(keepends=True) if self._path.exists() else ():
                    self._keep(held, line)
                self._held = held
            return sorted(anchor for anchor in self._held.get(chain, ()) if anchor[0] > after)

    @staticmethod
    def _keep(held: dict[str, list[list[Any]]], line: bytes) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            return  # torn by a crash; the journal has it
        held.setdefault(said["chain"], []).append([said["n"], said["digest"], said["at"]])
