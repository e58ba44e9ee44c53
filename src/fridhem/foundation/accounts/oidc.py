"""OpenID Connect Core 1.0: the provider's word for who someone is, believed only when it's signed, for us, and in time.

The flow itself (code with PKCE and state) is django-allauth's. Here is what allauth leaves to trust: the signature is always
checked, with an algorithm that the provider publishes keys for, and userinfo must speak of the same person as the token.
"""

from typing import Any

import jwt
import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache

from fridhem.foundation.accounts.providers import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 30  # seconds that two clocks may differ
REMEMBERED = 600  # seconds that the provider's own description holds
PATIENCE = 5  # seconds to wait for an answer


class Unreachable(Exception):
    """The provider didn't answer, so it has said neither yes nor no."""


def description(provider: Provider) -> dict[str, Any]:
    """The provider's published configuration. Raises `OAuth2Error` when it's another's, `Unreachable`."""
    issuer = provider.settings["issuer"].rstrip("/")
    known: dict[str, Any] = cache.get(f"oidc:{issuer}") or _fetch(f"{issuer}/.well-known/openid-configuration")
    cache.set(f"oidc:{issuer}", known, REMEMBERED)
    if known["issuer"].rstrip("/") != issuer:
        raise OAuth2Error("The provider calls itself by another name.")
    return known


def claims_of(provider: Provider, token: str) -> dict[str, Any]:
    """What an id token says. Raises `OAuth2Error` unless it's signed by the provider, meant for us, and in time."""
    known = description(provider)
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The token isn't signed by a key that only the provider holds.")
        claims = jwt.decode(
            token,
            _key(known["jwks_uri"], header.get("kid", "")),
            algorithms=[header["alg"]],
            audience=provider.client,
            issuer=known["issuer"],
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise OAuth2Error("The token isn't valid.") from error
    if claims.get("azp", provider.client) != provider.client:
        raise OAuth2Error("The token was made for someone else.")
    return claims


def with_userinfo(provider: Provider, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """The claims, with what only userinfo tells when the file asks for it. Raises `OAuth2Error` when it's of another person."""
    if not provider.settings.get("userinfo", False):
        return claims
    told = _fetch(description(provider)["userinfo_endpoint"], {"Authorization": f"Bearer {access_token}"})
    if told.get("sub") != claims["sub"]:
        raise OAuth2Error("Userinfo speaks of someone else.")
    return {**told, **claims}


def renew(provider: Provider, refresh_token: str) -> tuple[dict[str, Any], str]:
    """Ask whether the person is still let in: the claims of today and the next refresh token.

    Raises `OAuth2Error` when the provider says no, `Unreachable` when it says nothing.
    """
    asked = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": provider.client,
        "client_secret": provider.secret,
    }
    try:
        answer = requests.post(description(provider)["token_endpoint"], data=asked, timeout=PATIENCE)
        if answer.status_code >= 500:
            raise Unreachable
        said = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Unreachable from error
    if answer.status_code >= 400 or "access_token" not in said:
        raise OAuth2Error("The provider says no.")
    next_token = said.get("refresh_token", refresh_token)
    if "id_token" not in said:  # optional at a renewal (section 12.2): still let in, nothing new of the groups
        return {}, next_token
    return with_userinfo(provider, claims_of(provider, said["id_token"]), said["access_token"]), next_token


def _fetch(address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.get(address, headers=headers, timeout=PATIENCE)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Unreachable from error
    return told


def _key(address: str, name: str) -> jwt.PyJWK:
    """The provider's public key called `name`. Raises `OAuth2Error` when it publishes none by that name."""
    for key in _fetch(address).get("keys", []):
        if key.get("kid", "") == name and key.get("kty") != "oct":
            return jwt.PyJWK(key, algorithm=key.get("alg"))
    raise OAuth2Error("The provider has no such key.")
