"""Guessing is slow for everyone together, and nobody is locked out.

Wrong guesses are paid from one bucket that fills slowly. While it is empty, attempts wait in a bowl, and each drop that falls in
the bucket draws one of them by lot. A right one costs nothing. Who asks is never known, so a thousand addresses guess no
faster than one, and whoever asks more often has no better luck: what is drawn is the attempt, not the question.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom
from uuid import UUID

CHANCE = SystemRandom()


@dataclass
class Guesses:
    """The bucket and the bowl of one process.

    `per_second` drops fall into a bucket of `most` wrong guesses. The bowl holds `room` attempts; one that hasn't asked for
    `patience` seconds has left. `clock` tells seconds that only grow.
    """

    clock: Callable[[], float]
    per_second: float
    most: float
    room: int = 10_000
    patience: float = 20.0
    _left: float = field(init=False)
    _then: float = field(init=False)
    _waiting: dict[UUID, float] = field(default_factory=dict)
    _drawn: dict[UUID, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._left, self._then = self.most, self.clock()

    def may_try(self, attempt: UUID) -> bool:
        """Whether the attempt may be made now. If so, a wrong guess is paid for already; otherwise it waits in the bowl."""
        with self._lock:
            now = self.clock()
            self._fill(now)
            if attempt in self._drawn:
                del self._drawn[attempt]
                return True
            if not self._waiting and self._left >= 1:
                self._left -= 1
                return True
            self._wait(attempt, now)
            self._draw(now)
            return self._drawn.pop(attempt, None) is not None

    def was_right(self) -> None:
        """Give back what a right guess was charged."""
        with self._lock:
            self._left = min(self.most, self._left + 1)

    def _fill(self, now: float) -> None:
        self._left = min(self.most, self._left + (now - self._then) * self.per_second)
        self._then = now

    def _wait(self, attempt: UUID, now: float) -> None:
        """Into the bowl; when it is full, in the place of the one that lay there longest, who may come in again."""
        if attempt not in self._waiting and len(self._waiting) >= self.room:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[attempt] = now

    def _draw(self, now: float) -> None:
        if self._left < 1:
            return
        self._leave(now)
        names = list(self._waiting)
        for attempt in CHANCE.sample(names, min(int(self._left), len(names))):
            del self._waiting[attempt]
            self._drawn[attempt] = now
            self._left -= 1

    def _leave(self, now: float) -> None:
        """Those who went away, drawn or not, are out. A drop that was drawn for someone who left is lost."""
        for place in (self._waiting, self._drawn):
            for attempt in [each for each, seen in place.items() if now - seen > self.patience]:
                del place[attempt]
