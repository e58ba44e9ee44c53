"""How people sign in here, as data: the file that `FRIDHEM_SIGN_IN` names says it (TOML), and its secrets lie in files beside it.

It holds how long a session lasts, and the municipality's own sign-in (OpenID Connect or SAML 2.0) with what each of its groups
means here, from which day to which. `docs/handbok/drift.md` has an example.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fridhem.foundation.accounts.enums import Role, Zone


@dataclass(frozen=True)
class Limits:
    """How long a session may be left alone, and how long it may last at all."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Place:
    """What membership of a group means here, between two days (both included; None: no end)."""

    group: str
    role: str
    unit: str
    since: date
    until: date | None = None
    zones: frozenset[str] | None = None  # None: all that the role opens

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Provider:
    """The municipality's own sign-in."""

    id: str
    name: str
    kind: str  # "oidc" or "saml"
    settings: Mapping[str, Any]
    secret: str = field(default="", repr=False)
    places: tuple[Place, ...] = ()
    groups_from: str = "groups"
    name_from: str = "name"
    username_from: str = "preferred_username"
    strong: frozenset[str] = frozenset()
    longest: timedelta | None = None
    ask_every: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(minutes=10)

    @property
    def client(self) -> str:
        return str(self.settings["client_id"])

    @property
    def origins(self) -> set[str]:
        """Where the browser is sent to sign in; the content security policy must know."""
        addresses = [self.settings.get("issuer", ""), self.settings.get("sso_url", ""), *self.settings.get("origins", [])]
        return {f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for one in addresses if one}


@dataclass(frozen=True)
class SignIn:
    """What the file says."""

    limits: Limits
    providers: tuple[Provider, ...] = ()


DEFAULT = SignIn(Limits(idle=timedelta(minutes=30), longest=timedelta(hours=9)))


def read(path: Path) -> SignIn:
    """The file's content. Raises `ImproperlyConfigured`, with what is wrong and where."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        own = data.get("sessions", {})
        limits = Limits(timedelta(minutes=own.get("idle_minutes", 30)), timedelta(hours=own.get("longest_hours", 9)))
        return SignIn(limits, tuple(_provider(one, path.parent) for one in data.get("providers", [])))
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{path.name} (FRIDHEM_SIGN_IN) can't be used: {type(error).__name__} {error}") from error


def _provider(data: Mapping[str, Any], folder: Path) -> Provider:
    kind = data["kind"]
    if kind not in ("oidc", "saml"):
        raise ValueError(f"kind is oidc or saml, not {kind}")
    own = dict(data)
    secret = _file(folder, own["client_secret_file"]) if kind == "oidc" else ""
    if kind == "saml":
        own = {**own, "client_id": own["id"], "certificate": _file(folder, own["certificate_file"])}
    return Provider(
        id=own["id"],
        name=own["name"],
        kind=kind,
        settings=own,
        secret=secret,
        places=tuple(_place(one) for one in own.get("groups", [])),
        groups_from=own.get("groups_from", "groups"),
        name_from=own.get("name_from", "name"),
        username_from=own.get("username_from", "preferred_username"),
        strong=frozenset(own.get("strong", [])),
        longest=timedelta(minutes=own["session_minutes"]) if "session_minutes" in own else None,
        ask_every=timedelta(seconds=own.get("ask_every_seconds", 60)),
        patience=timedelta(minutes=own.get("patience_minutes", 10)),
    )


def _place(data: Mapping[str, Any]) -> Place:
    zones = frozenset(Zone(zone).value for zone in data["zones"]) if "zones" in data else None
    return Place(data["group"], Role(data["role"]).value, data["unit"], data["from"], data.get("to"), zones)


def _file(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8").strip()


@cache
def _read_once(path: str) -> SignIn:
    return read(Path(path)) if path else DEFAULT


def sign_in() -> SignIn:
    """What `FRIDHEM_SIGN_IN` says, read once."""
    return _read_once(settings.FRIDHEM_SIGN_IN)


def limits() -> Limits:
    """How long sessions last in this house."""
    return sign_in().limits


def longest(made_by: Mapping[str, Any] | None) -> timedelta:
    """How long a session may last, `made_by` a provider (its part of the session) or not."""
    own = find(made_by["id"]) if made_by else None
    return min(limits().longest, own.longest) if own and own.longest else limits().longest


def find(name: str) -> Provider | None:
    """The provider called `name` in the file."""
    return next((one for one in sign_in().providers if one.id == name), None)


def place_of(provider: Provider, groups: Collection[str], on: date) -> Place | None:
    """What someone in `groups` is here today: the first line of the file that fits decides."""
    return next((place for place in provider.places if place.group in groups and place.holds(on)), None)


def is_strong(provider: Provider, said: Collection[str]) -> bool:
    """Whether what the provider said of how the person was known (acr, amr, SAML's context class) can't be phished."""
    return bool(provider.strong & set(said))
