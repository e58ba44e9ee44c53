"""Someone comes by the municipality's own sign-in, and as long as they stay the provider is asked now and then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from fridhem.foundation.accounts import actions, oidc, providers, sessions
from fridhem.foundation.accounts.enums import ZONES_OF, Entrance
from fridhem.foundation.accounts.models import Session, User
from fridhem.foundation.accounts.providers import Place, Provider


@dataclass(frozen=True)
class Arrival:
    """What the provider said of the person who comes: kept no longer than the request, but for the subject and what follows."""

    provider: Provider
    claims: Mapping[str, Any]
    refresh_token: str = ""

    @property
    def name(self) -> str:
        return _one(self.claims.get(self.provider.name_from))[:120]

    @property
    def username(self) -> str:
        return _one(self.claims.get(self.provider.username_from))[:70]

    def place(self, at: datetime) -> Place | None:
        """What the person's groups mean here today."""
        return place_now(self.provider, self.claims, at)

    @property
    def entrance(self) -> str:
        """How well the person was known: by acr, amr or SAML's context class."""
        said = [*_many(self.claims.get("acr")), *_many(self.claims.get("amr"))]
        return Entrance.PROVIDER_STRONG if providers.is_strong(self.provider, said) else Entrance.PROVIDER

    def for_session(self, at: datetime) -> dict[str, Any]:
        """What the session needs, to ask again."""
        return {"id": self.provider.id, "token": self.refresh_token, "asked": at.timestamp(), "heard": at.timestamp()}


def place_now(provider: Provider, claims: Mapping[str, Any], at: datetime) -> Place | None:
    """What the groups in `claims` mean here today."""
    return providers.place_of(provider, _many(claims.get(provider.groups_from)), timezone.localdate(at))


def withheld_by(place: Place | None) -> list[str]:
    """The zones of the role that the group's line in the file leaves out."""
    return sorted(ZONES_OF[place.role] - place.zones) if place is not None and place.zones is not None else []


def still_welcome(session: SessionBase, user: User, at: datetime) -> bool:
    """Ask the provider again when it's time. When it says no, or the groups do, every session of `user` has ended.

    When it doesn't answer the session lives on for the patience that the file gives, and then ends.
    """
    part = session.get(sessions.PROVIDER)
    provider = providers.find(part["id"]) if part else None
    if part and provider is None:  # the provider was taken out of the file
        actions.shut_out(user, at=at, reason="no provider")
        return False
    if not part or provider is None or not part["token"] or at.timestamp() - part["asked"] < provider.ask_every.total_seconds():
        return True
    return _ask(session, provider, dict(part), user, at)


def _ask(session: SessionBase, provider: Provider, part: dict[str, Any], user: User, at: datetime) -> bool:
    """One question at a time for each session: refresh tokens are often good for one use only."""
    mine = Session.objects.filter(pk=sessions.digest(session.session_key or ""))
    if not mine.filter(asked_at__lt=at - provider.ask_every).update(asked_at=at):
        return True  # another request is asking
    try:
        claims, token = oidc.renew(provider, part["token"])
    except oidc.Unreachable:
        return _wait(session, provider, part, user, at)
    except OAuth2Error:
        actions.shut_out(user, at=at, reason="provider said no")
        return False
    session[sessions.PROVIDER] = {**part, "token": token, "asked": at.timestamp(), "heard": at.timestamp()}
    session.save()
    return not claims or _still_placed(provider, claims, user, at)


def _wait(session: SessionBase, provider: Provider, part: dict[str, Any], user: User, at: datetime) -> bool:
    """Nobody answered: patience, but not for ever."""
    if at - datetime.fromtimestamp(part["heard"], tz=at.tzinfo) > provider.patience:
        actions.shut_out(user, at=at, reason="provider silent")
        return False
    session[sessions.PROVIDER] = {**part, "asked": at.timestamp()}
    return True


def _still_placed(provider: Provider, claims: Mapping[str, Any], user: User, at: datetime) -> bool:
    """Follow the groups: another role or unit ends the sessions that were made under the old one."""
    place = place_now(provider, claims, at)
    if place is None:
        actions.shut_out(user, at=at, reason="no group")
        return False
    before = (user.role, user.unit_id)
    after = actions.follow(user, at=at, name=_one(claims.get(provider.name_from)), place=place)
    return (after.role, after.unit_id) == before


def _many(said: Any) -> list[str]:
    """A claim as a list of words, whether it came as one or as several."""
    return [str(one) for one in said] if isinstance(said, list | tuple) else [str(said)] if said else []


def _one(said: Any) -> str:
    return (_many(said) or [""])[0]
