"""How much may be opened and searched for: by one person, by the house's own tasks, by a process. Limits are data, with reasons.

What counts is different objects (or searched values) within a sliding time: opening the same case again costs nothing, going
through the register does. Who reaches a limit waits; nobody else does.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fridhem.foundation.keys.refusals import TooMany

LOOK_SECONDS = 0.2  # how soon a changed limit counts
SHIPPED = Path(__file__).with_name("limits.json")


@dataclass(frozen=True)
class Limit:
    """`whose` may open (`of` is "objects") or search for (`of` is "searches") `most` different ones in `zone` within `seconds`.

    `whose`: "person", a user; "face", all users of a process together; "house", a process's own tasks and commands. `only`: the
    one face that it's for.
    """

    of: str
    zone: str
    whose: str
    seconds: int
    most: int = field(compare=False)  # another number is still the same limit: what was opened counts on
    only: str = ""


@dataclass
class Limits:
    """The limits in force, and what was opened lately. `own`: the municipality's file, read again when it changes."""

    own: Path

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: dict[tuple[Limit, str], OrderedDict[Hashable, float]] = {}
        self._read_at: Any = ()
        self._look_again_at = 0.0
        self._limits: list[Limit] = []

    def spend(self, of: str, zone: str, names: Collection[Hashable], *, face: str, person: str | None, now: float) -> None:
        """Count these as opened at `now` (seconds), all or none; `person` is None for the house itself. Raises `TooMany`."""
        with self._lock:
            counts = []
            for limit, whom in self._in_force(of, zone, face, person):
                opened = self._opened.setdefault((limit, whom), OrderedDict())
                _forget_old(opened, now - limit.seconds)
                if len(opened) + sum(name not in opened for name in names) > limit.most:
                    raise TooMany(zone, _wait(opened, len(names), limit, now), limit.whose)
                counts.append(opened)
            for opened in counts:
                for name in names:
                    opened[name] = now
                    opened.move_to_end(name)

    def recount(self, of: str, zone: str, names: Collection[Hashable], *, face: str, person: str | None, at: float) -> None:
        """Count what was opened before a restart; never refuses."""
        with self._lock:
            for limited in self._in_force(of, zone, face, person):
                opened = self._opened.setdefault(limited, OrderedDict())
                for name in names:
                    opened[name] = at
                    opened.move_to_end(name)

    def _in_force(self, of: str, zone: str, face: str, person: str | None) -> list[tuple[Limit, str]]:
        """Each limit that concerns this question, and on whose account it goes."""
        if time.monotonic() > self._look_again_at:
            self._look()
        accounts = {"person": person, "face": face} if person else {"house": face}
        return [
            (limit, whom)
            for limit in self._limits
            if limit.of == of
            and limit.zone == zone
            and limit.only in {"", face}
            and (whom := accounts.get(limit.whose)) is not None
        ]

    def _look(self) -> None:
        """Read the limits again when the file or the day is another."""
        self._look_again_at = time.monotonic() + LOOK_SECONDS
        stamp = (self.own.stat().st_mtime_ns if self.own.exists() else 0, date.today())
        if stamp != self._read_at:
            self._limits = read(SHIPPED, self.own, on=stamp[1])
            self._read_at = stamp
            self._opened = {limited: opened for limited, opened in self._opened.items() if limited[0] in self._limits}


def read(*paths: Path, on: date) -> list[Limit]:
    """The limits in force on a day: the newest line for each zone, whose, face and time; a later file's before an earlier's."""
    found: dict[tuple[str, str, str, str, int], Limit] = {}
    for path in paths:
        if not path.exists():
            continue
        rows = [row for row in json.loads(path.read_text())["limits"] if date.fromisoformat(row["from"]) <= on]
        for row in sorted(rows, key=lambda row: row["from"]):
            limit = Limit(row["of"], row["zone"], row["whose"], row["seconds"], row["most"], row.get("only", ""))
            found[limit.of, limit.zone, limit.whose, limit.only, limit.seconds] = limit
    return list(found.values())


def _forget_old(opened: OrderedDict[Hashable, float], before: float) -> None:
    while opened and next(iter(opened.values())) <= before:
        opened.popitem(last=False)


def _wait(opened: OrderedDict[Hashable, float], wanted: int, limit: Limit, now: float) -> int:
    """Seconds until there is room for `wanted` again (a whole period when there never is)."""
    excess = len(opened) + wanted - limit.most
    if excess > len(opened):
        return limit.seconds
    times = list(opened.values())
    return max(1, int(times[excess - 1] + limit.seconds - now) + 1)
