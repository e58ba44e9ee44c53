"""Starts the key service as a process of its own and waits until it answers."""

import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pyrage import x25519

from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.vault import VaultClosed

PATIENCE = 10.0  # seconds until it must answer


def start(
    place: Place, identity: x25519.Identity | None = None, *, copy: Path | None = None, more: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """Start it, unsealed by `identity` or else by the house's own key file. Raises `VaultClosed` when it stops at once."""
    command = [sys.executable, "-m", "fridhem.foundation.keys", str(place.folder), *more]
    command += ["--copy", str(copy)] if copy else []
    command += [] if identity else ["--key-file", str(place.key_file)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE if identity else subprocess.DEVNULL, start_new_session=True)
    if identity and process.stdin:
        process.stdin.write(f"{identity}\n".encode())
        process.stdin.close()
    _await(place, process)
    return process


def answers(place: Place) -> bool:
    """Whether a key service listens here."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(place.socket_path()))
        except OSError:
            return False
    return True


def _await(place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(place):
        if process.poll() is not None:
            raise VaultClosed("The key service stopped at once; what it said stands above.")
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise VaultClosed(f"The key service didn't answer within {PATIENCE:.0f} seconds.")
        time.sleep(0.01)
