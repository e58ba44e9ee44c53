"""How many objects may be opened: by one person, by the house's own tasks, by one process. Each limit is data, with its reason.

What counts is different objects within a sliding time: opening the same case again costs nothing, going through the
register does. Who reaches a limit waits; nobody else does.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fridhem.foundation.keys.refusals import TooMany

SHIPPED = Path(__file__).with_name("limits.json")


@dataclass(frozen=True)
class Limit:
    """`whose` ("person", "house" or "face") may open `objects` different ones of `zone` within `seconds`."""

    zone: str
    whose: str
    objects: int
    seconds: int


@dataclass
class Limits:
    """The limits in force, and what was opened lately. `own`: the municipality's file, read again when it changes."""

    own: Path

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: dict[tuple[Limit, str], OrderedDict[Hashable, float]] = {}
        self._read_at: Any = ()
        self._limits: list[Limit] = []

    def spend(self, zone: str, names: Collection[Hashable], *, face: str, user: str | None, now: float | None = None) -> None:
        """Count these as opened, all or none. Raises `TooMany`."""
        now = time.time() if now is None else now
        who = {"person": user, "house": None if user else face, "face": face}
        with self._lock:
            counts = []
            for limit in self._in_force(zone):
                if (whom := who[limit.whose]) is None:
                    continue
                opened = self._opened.setdefault((limit, whom), OrderedDict())
                _forget_old(opened, now - limit.seconds)
                if len(opened) + sum(name not in opened for name in names) > limit.objects:
                    raise TooMany(zone, _wait(opened, len(names), limit, now), limit.whose)
                counts.append(opened)
            for opened in counts:
                for name in names:
                    opened[name] = now
                    opened.move_to_end(name)

    def recount(self, zone: str, names: Collection[Hashable], *, face: str, user: str | None, at: float) -> None:
        """Count what was opened before a restart; never refuses."""
        who = {"person": user, "house": None if user else face, "face": face}
        with self._lock:
            for limit in self._in_force(zone):
                if (whom := who[limit.whose]) is not None:
                    self._opened.setdefault((limit, whom), OrderedDict()).update(dict.fromkeys(names, at))

    def _in_force(self, zone: str) -> list[Limit]:
        stamp = (self.own.stat().st_mtime_ns if self.own.exists() else 0, date.today())
        if stamp != self._read_at:
            self._limits = read(SHIPPED, self.own, on=stamp[1])
            self._read_at = stamp
            self._opened = {limited: opened for limited, opened in self._opened.items() if limited[0] in self._limits}
        return [limit for limit in self._limits if limit.zone == zone]


def read(*paths: Path, on: date) -> list[Limit]:
    """The limits in force on a day: the newest line for each zone, whose and time; a later file's before an earlier's."""
    found: dict[tuple[str, str, int], Limit] = {}
    for path in paths:
        if not path.exists():
            continue
        rows = [row for row in json.loads(path.read_text())["limits"] if date.fromisoformat(row["from"]) <= on]
        for row in sorted(rows, key=lambda row: row["from"]):
            limit = Limit(row["zone"], row["whose"], row["objects"], row["seconds"])
            found[limit.zone, limit.whose, limit.seconds] = limit
    return list(found.values())


def _forget_old(opened: OrderedDict[Hashable, float], before: float) -> None:
    while opened and next(iter(opened.values())) <= before:
        opened.popitem(last=False)


def _wait(opened: OrderedDict[Hashable, float], wanted: int, limit: Limit, now: float) -> int:
    """Seconds until there is room for `wanted` again (a whole period when there never is)."""
    excess = len(opened) + wanted - limit.objects
    if excess > len(opened):
        return limit.seconds
    times = list(opened.values())
    return max(1, int(times[excess - 1] + limit.seconds - now) + 1)
