"""The processes of a house: started, brought up again when one dies, and given up when it dies too often."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_STARTS = 5  # as many times within a minute a part is brought up again
MINUTE = 60.0  # seconds
GRACE = 10.0  # seconds that a process may need to stop


class GivenUp(RuntimeError):
    """A part of the house died again and again; the message says which."""


@dataclass
class Patience:
    """How often something may be brought up again before it is given up."""

    name: str
    _times: list[float] = field(default_factory=list)

    def spend(self) -> None:
        """Say that it's brought up again. Raises `GivenUp`."""
        self._times = [moment for moment in self._times if moment > time.monotonic() - MINUTE]
        if len(self._times) >= MOST_STARTS:
            raise GivenUp(f"The {self.name} stopped {MOST_STARTS + 1} times within a minute; closing the house.")
        self._times.append(time.monotonic())
        print(f"The {self.name} stopped; bringing it up again.", file=sys.stderr, flush=True)


@dataclass
class Part:
    """One process of the house, which leads a session of its own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    patience: Patience = field(init=False)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.patience = Patience(self.name)

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(self.command, env=dict(self.environment), start_new_session=True)

    def has_stopped(self) -> bool:
        """Whether it was started and is no more."""
        return self.process is not None and self.process.poll() is not None

    def mind(self) -> None:
        """Bring it up again if it has died, after sweeping up what it left behind. Raises `GivenUp`."""
        if self.has_stopped():
            self.send(signal.SIGKILL)
            self.patience.spend()
            self.start()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and to what it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def stop(parts: Sequence[Part]) -> None:
    """Ask every part to stop, with its own helpers, wait, and end those that don't."""
    for part in parts:
        part.send(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for part in parts:
        if part.process is None:
            continue
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.send(signal.SIGKILL)
            part.process.wait()


def watch(parts: Sequence[Part], *others: Callable[[], None]) -> None:
    """Mind every part, and what `others` mind, until something is given up. Raises `GivenUp`."""
    while True:
        for mind in (*others, *(part.mind for part in parts)):
            mind()
        time.sleep(0.3)
