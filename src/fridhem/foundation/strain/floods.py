"""A flood is let in and sorted: what says the same as something else in it is put together, and nothing is turned away.

The mark of a text is made with a key that this process drew when it began and never writes down: marks can be compared with
each other, and with nothing else, by no one, ever.
"""

import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

MARK = 8  # bytes


@dataclass
class Flood:
    """How much has come lately. More than `many` within `seconds` is a flood."""

    clock: Callable[[], float]
    many: int
    seconds: float
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _came: deque[float] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._came = deque(maxlen=self.many + 1)

    def mark(self, text: str) -> bytes | None:
        """The mark of one text that comes now, in a flood; None on an ordinary day."""
        with self._lock:
            now = self.clock()
            self._came.append(now)
            is_flood = len(self._came) > self.many and now - self._came[0] <= self.seconds
        folded = " ".join(text.casefold().split())
        return hmac.digest(self._key, folded.encode("utf-8", "surrogatepass"), "sha256")[:MARK] if is_flood else None
