"""The key service's process: a Unix socket, a thread per connection, one desk behind them."""

import contextlib
import ctypes
import fcntl
import json
import logging
import os
import pwd
import resource
import signal
import socket
import stat
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from types import FrameType
from typing import IO

from pyrage import x25519

from fridhem.foundation.keys import escrow, vault, wire
from fridhem.foundation.keys.desk import Desk
from fridhem.foundation.keys.place import Place

MOST_CONNECTIONS = 256
log = logging.getLogger("fridhem.keys")


class Service:
    """Serves one house's keys until it is told to stop. `peers`: user ids whose processes may ask, besides our own."""

    def __init__(self, place: Place, identity: x25519.Identity, *, copy: Path | None = None, peers: Collection[int] = ()) -> None:
        self.place = place
        self.path = place.socket_path()
        self.peers = {os.geteuid(), *peers}
        self._claim: IO[str] = _claim(place)
        self.desk = Desk(place, identity, copy=copy)
        self._socket = _listen(self.path, open_to_others=bool(set(peers) - {os.geteuid()}))
        self._tokens: dict[str, bytes] = {}
        self._tokens_stamp = 0
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def run(self) -> None:
        """Answer until `stop`."""
        while True:
            try:
                connected, _address = self._socket.accept()
            except OSError:
                return
            if not self._room.acquire(blocking=False):
                connected.close()
                continue
            threading.Thread(target=self._talk, args=(connected,), daemon=True).start()

    def stop(self) -> None:
        """Take no more questions, and bring the journal to disk."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.path.unlink(missing_ok=True)
        self.desk.close()
        self._claim.close()

    def _talk(self, connected: socket.socket) -> None:
        """One connection, from greeting to goodbye."""
        try:
            self._converse(connected)
        except (OSError, ValueError):
            pass  # the other side went away or talks something else: there is nobody left to answer
        finally:
            connected.close()
            self._room.release()

    def _converse(self, connected: socket.socket) -> None:
        uid = wire.peer_uid(connected)
        if uid not in self.peers:
            self.desk.journal.write("refused", face="", why="user", uid=uid)
            return
        face, line = wire.be_greeted(connected)
        token = self._token(face)
        if not token:
            self.desk.journal.write("refused", face=face, why="face")
            return
        line.token = token
        while True:
            try:
                asked = line.receive(wire.ASK)
            except wire.Forged:
                self.desk.journal.write("refused", face=face, why="token")
                return
            if asked is None:
                return
            line.send(self.desk.answer(face, asked), wire.ANSWER)
            line.count += 1

    def _token(self, face: str) -> bytes:
        """The face's token, as the house last wrote it; empty for a stranger."""
        stamp = os.stat(self.place.faces).st_mtime_ns
        if stamp != self._tokens_stamp:
            told = json.loads(self.place.faces.read_text())["tokens"]
            self._tokens, self._tokens_stamp = {name: bytes.fromhex(token) for name, token in told.items()}, stamp
        return self._tokens.get(face, b"")


def serve(place: Place, identity: x25519.Identity, *, copy: Path | None = None, peers: Collection[int] = ()) -> None:
    """Serve in this process until SIGTERM or Ctrl-C. Raises `vault.VaultClosed` when it can't begin."""
    close_to_others()
    held = vault.load(place, identity)
    whole = vault.complete(held)
    if whole is not held or not vault.published(whole, place):  # a zone has come since, or a rotation was cut short
        escrow.keep(whole, place, identity)
    service = Service(place, identity, copy=copy, peers=peers)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        service.run()
    except KeyboardInterrupt:
        pass
    finally:
        service.stop()


def become(user: pwd.struct_passwd, place: Place) -> None:
    """Give the folder to `user` and go on as that user (needs root). The file that unseals the vault stays with who has it."""
    for path in [place.folder, *place.folder.rglob("*")]:
        if path not in (place.key_file, place.locked):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    place.folder.chmod(0o711)
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def close_to_others() -> None:
    """Leave no core file, and let no other process of the same user look into our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pr_set_dumpable = 4
        ctypes.CDLL(None).prctl(pr_set_dumpable, 0, 0, 0, 0)


def _claim(place: Place) -> IO[str]:
    """Be the only service of this house while the file is open. Raises `vault.VaultClosed`."""
    claim = place.serving.open("a+")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        claim.close()
        raise vault.VaultClosed(f"A key service already serves from {place.folder}.") from None
    claim.seek(0)
    claim.truncate()
    claim.write(str(os.getpid()))
    claim.flush()
    return claim


def _listen(path: Path, *, open_to_others: bool) -> socket.socket:
    """A socket at `path`. Only our own user may reach it, unless others are to: then the kernel tells us who calls."""
    path.parent.mkdir(mode=0o711 if open_to_others else 0o700, parents=True, exist_ok=True)
    own = path.parent.lstat()
    if not stat.S_ISDIR(own.st_mode) or own.st_uid not in (os.geteuid(), 0):
        raise vault.VaultClosed(f"Someone else owns {path.parent}; remove it, or choose a shorter data folder.")
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    if open_to_others:
        path.chmod(0o666)
    listening.listen(128)
    return listening
