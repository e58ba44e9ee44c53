"""Starts the key service as a process of its own, waits until it answers, and starts it again if it dies."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import x25519

from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.vault import VaultClosed

PATIENCE = 10.0  # seconds until it must answer, or have stopped
MOST_STARTS = 5  # a service that dies more often than this within a minute is left alone


def command(place: Place, *, key_file: Path | None, copy: Path | None = None, more: Sequence[str] = ()) -> list[str]:
    """The command line of the service; without `key_file` it reads the identity from its standard input."""
    line = [sys.executable, "-m", "fridhem.foundation.keys", str(place.folder), *more]
    line += ["--copy", str(copy)] if copy else []
    return line + (["--key-file", str(key_file)] if key_file else [])


@dataclass
class Child:
    """A key service that we started. `copy`: where it writes the anchors too."""

    place: Place
    process: "subprocess.Popen[bytes]"
    copy: Path | None = None
    own_key_file: bool = True
    _starts: list[float] = field(default_factory=list)

    def mind(self) -> None:
        """Start it again if it has died; one that a person unsealed needs that person."""
        if self.process.poll() is None or not self.own_key_file:
            return
        self._starts = [moment for moment in self._starts if moment > time.monotonic() - 60]
        if len(self._starts) < MOST_STARTS:
            self._starts.append(time.monotonic())
            self.process = _spawn(self.place, None, self.copy)

    def stop(self) -> None:
        """Ask it to stop, and wait; one that doesn't is ended, for what it has answered is written."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(place: Place, identity: x25519.Identity | None = None, *, copy: Path | None = None) -> Child:
    """Start it, unsealed by `identity` or else by the house's own key file. Raises `VaultClosed` when it stops at once."""
    process = _spawn(place, identity, copy)
    deadline = time.monotonic() + PATIENCE
    while not answers(place):
        if process.poll() is not None:
            raise VaultClosed("The key service stopped at once; what it said stands above.")
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise VaultClosed(f"The key service didn't answer within {PATIENCE:.0f} seconds.")
        time.sleep(0.01)
    return Child(place, process, copy, own_key_file=identity is None)


def answers(place: Place) -> bool:
    """Whether a key service listens here."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(place.socket_path()))
        except OSError:
            return False
    return True


def stop(place: Place) -> bool:
    """Stop the service that serves from here, whoever started it; False when there is none, or it isn't ours to stop."""
    if not answers(place):
        return False
    try:
        os.kill(int(place.serving.read_text()), signal.SIGTERM)
    except (OSError, ValueError):
        return False
    deadline = time.monotonic() + PATIENCE
    while answers(place) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not answers(place)


def _spawn(place: Place, identity: x25519.Identity | None, copy: Path | None) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        command(place, key_file=None if identity else place.key_file, copy=copy),
        stdin=subprocess.PIPE if identity else subprocess.DEVNULL,
        start_new_session=True,
    )
    if identity and process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(f"{identity}\n".encode())
        process.stdin.close()
    return process
