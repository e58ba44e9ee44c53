"""Where the key service keeps its things.

DATA/keys/
  vault.age       the private keys, sealed to an age identity
  demo.key        that identity, in a house that unseals itself (demonstrations)
  locked.age      that identity under a passphrase, in a house that asks a person
  public.json     the zones' public halves; every process may read it
  faces.json      each process's token, and where the socket is
  journal/        what was opened, by whom and for what
  forgotten       names that are never opened again
  limits.json     the municipality's own limits, when it has some
  escrow/         the vault for any two custodians together
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET_ROOM = 100  # a socket's path may have this many bytes on every system we know


@dataclass(frozen=True)
class Place:
    """The folder of one house's key service."""

    folder: Path

    @property
    def vault(self) -> Path:
        return self.folder / "vault.age"

    @property
    def key_file(self) -> Path:
        return self.folder / "demo.key"

    @property
    def locked(self) -> Path:
        return self.folder / "locked.age"

    @property
    def public(self) -> Path:
        return self.folder / "public.json"

    @property
    def faces(self) -> Path:
        return self.folder / "faces.json"

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    @property
    def forgotten(self) -> Path:
        return self.folder / "forgotten"

    @property
    def limits(self) -> Path:
        return self.folder / "limits.json"

    @property
    def escrow(self) -> Path:
        return self.folder / "escrow"

    @property
    def serving(self) -> Path:
        """Locked by the one service that serves from here."""
        return self.folder / "serving"

    def socket_path(self) -> Path:
        """A path that a socket can have: in the folder, or in a private folder of its own when that one lies too deep."""
        near = self.folder.resolve() / "socket"
        if len(os.fsencode(near)) < SOCKET_ROOM:
            return near
        mark = hashlib.sha256(os.fsencode(near)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"fridhem-{mark}" / "socket"


def write_private(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write whole or not at all, safely on disk, for the same owner as the folder's."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    own = path.parent.stat()
    if own.st_uid != os.geteuid():
        with contextlib.suppress(PermissionError):
            os.chown(draft, own.st_uid, own.st_gid)
    draft.chmod(mode)
    draft.replace(path)
    sync_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any], *, mode: int = 0o600) -> None:
    """As `write_private`, for plain data."""
    write_private(path, json.dumps(content, indent=1, ensure_ascii=False).encode(), mode=mode)


def sync_folder(folder: Path) -> None:
    """Make sure that the folder's list of names is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
