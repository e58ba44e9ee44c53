"""A house on this machine: its folder, its database, and each process's own secrets file.

DATA/secrets.json     everything, only for the person who runs the house
DATA/faces/NAME.json  what one process may hold: its database role, its keys
DATA/postgres/        the embedded database
DATA/keys/            the key service's own things, see `fridhem.foundation.keys.place`
DATA/logs/NAME.jsonl  what each process says of its work: one JSON object a line, no person in it
"""

import json
import os
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from fridhem.cli import unsealing
from fridhem.cli.parts import GivenUp, Patience
from fridhem.foundation.database import embedded, roles
from fridhem.foundation.keys import child, escrow, vault
from fridhem.foundation.keys.place import Place, write_json

FACES = {"owner": roles.OWNER, "public": roles.PUBLIC, "staff": roles.STAFF, "worker": roles.WORKER}
ASKING = ("owner", "staff", "worker")  # the faces that may ask the key service; the public one isn't told where it is


@dataclass(frozen=True)
class House:
    """A prepared house: its folder, the embedded server when it has one, and the key service when it was asked to start it."""

    data: Path
    server: embedded.Running | None
    key_service: child.Child | None = None

    @property
    def keys(self) -> Place:
        """Where the key service keeps its things."""
        return Place(self.data / "keys")

    def face(self, name: str) -> Path:
        """The secrets file of one process."""
        return self.data / "faces" / f"{name}.json"

    def environment(self, face: str) -> dict[str, str]:
        """The environment of the process `face`: today's, with its own secrets file and no one else's."""
        kept = {name: value for name, value in os.environ.items() if name != "FRIDHEM_DATABASE_URL"}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "fridhem.site.settings",
            "FRIDHEM_DATA": str(self.data),
            "FRIDHEM_SECRETS": str(self.face(face)),
        }

    def minds(self) -> list[Callable[[], None]]:
        """What keeps the embedded server and the key service up, to be called again and again."""
        patience = Patience("database")
        minds: list[Callable[[], None]] = [self.key_service.mind] if self.key_service else []
        return [*minds, lambda: self._mind_server(patience)] if self.server else minds

    def _mind_server(self, patience: Patience) -> None:
        assert self.server is not None
        if not self.server.is_alive():
            patience.spend()
            try:
                self.server.revive()
            except embedded.DatabaseUnavailable as error:
                raise GivenUp(str(error)) from error

    def stop(self) -> None:
        """Stop the key service and the embedded server, if they are ours."""
        if self.key_service:
            self.key_service.stop()
        if self.server:
            self.server.stop()


def prepare(
    data: Path, *, database: str = "fridhem", server_url: str | None = None, patience: float = 10.0, serve_keys: bool = False
) -> House:
    """Make ready the house in `data`: start (or reach) its database, make its roles and keys, write each process's secrets.

    `server_url` names a PostgreSQL server by a role that may make roles and databases; without it the embedded one starts.
    `patience`: seconds to wait for a server that is waking up. `serve_keys` starts the key service.
    Raises `DatabaseUnavailable`, or `vault.VaultClosed`, with what to do.
    """
    data = data.resolve()
    try:
        own = _secrets(data)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise embedded.DatabaseUnavailable(
            f"The folder {data} can't be used: {error.strerror}. Choose another with FRIDHEM_DATA."
        ) from error
    server = None
    if server_url is None:
        server = embedded.start(data / "postgres", password=own["passwords"][embedded.SUPERUSER])
        server_url = server.url(role=embedded.SUPERUSER, password=own["passwords"][embedded.SUPERUSER], database="postgres")
    connection = _connect(server_url, patience)
    with connection:
        template = "template1" if server else "template0"
        roles.ensure_roles(connection, own["passwords"], database, template=template)
        if server:  # the owner makes and drops test databases from here; the serving roles are kept out
            connection.execute(f"GRANT CONNECT ON DATABASE postgres TO {roles.OWNER}")
    place = Place(data / "keys")
    _write_faces(data, own, server_url, database, place)
    _make_keys(place, own["key_tokens"])
    return House(data=data, server=server, key_service=_serve_keys(place) if serve_keys else None)


def _serve_keys(place: Place) -> child.Child | None:
    """The key service, unsealed by the house's own key file or by the person at the keyboard; None when one serves already.

    One that `fridhem prepare` left behind makes room for ours.
    """
    own = place.key_file.exists()
    if child.answers(place) and not (own and child.stop(place)):
        return None
    return child.start(place, None if own else unsealing.identity(place), copy=unsealing.anchors_copy())


def _make_keys(place: Place, tokens: Mapping[str, str]) -> None:
    """A vault at the first start, which the key file beside it opens; and each face's token for the key service."""
    place.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    if not place.vault.exists():
        escrow.keep(vault.new(), place, vault.make_key_file(place.key_file))
    write_json(place.faces, {"tokens": tokens})


def _connect(url: str, patience: float) -> psycopg.Connection:
    """A superuser's connection, waiting up to `patience` seconds for a server that is waking up."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return psycopg.connect(url, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or "password" in str(error):
                raise embedded.DatabaseUnavailable(
                    f"The database server can't be reached: {str(error).strip()}\n"
                    "Check FRIDHEM_DATABASE_URL (its role must be allowed to make roles and databases)."
                ) from error
            time.sleep(0.2)


def _secrets(data: Path) -> dict[str, Any]:
    """The house's secrets, made at the first start."""
    path = data / "secrets.json"
    if path.exists():
        return json.loads(path.read_text())
    own = {
        "passwords": {role: secrets.token_urlsafe(24) for role in (embedded.SUPERUSER, *roles.ROLES)},
        "secret_keys": {face: secrets.token_urlsafe(48) for face in FACES},
        "receipt_salt": b64encode(secrets.token_bytes(16)).decode(),
        "key_tokens": {face: secrets.token_hex(32) for face in ASKING},
    }
    _write(path, own)
    return own


def _keys_of(face: str, own: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Where a face finds the public halves, and where and by which token it asks for what they close."""
    public = {"public_file": str(place.public)}
    if face not in ASKING:
        return public
    return {**public, "socket": str(place.socket_path()), "token": own["key_tokens"][face]}


def _write_faces(data: Path, own: Mapping[str, Any], server_url: str, database: str, place: Place) -> None:
    for face, role in FACES.items():
        _write(
            data / "faces" / f"{face}.json",
            {
                "face": face,
                "database_url": _url_for(server_url, role, own["passwords"][role], database),
                "secret_key": own["secret_keys"][face],
                "receipt_salt": own["receipt_salt"],
                "keys": _keys_of(face, own, place),
            },
        )


def _url_for(server_url: str, role: str, password: str, database: str) -> str:
    """The same server, another role and database."""
    parts = urlsplit(server_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{place}", path=f"/{database}"))


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write for the owner's eyes only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1))
    draft.replace(path)
