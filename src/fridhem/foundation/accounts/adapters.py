"""Where django-allauth asks the house: who may come in, what is sealed, what is said of it in the record."""

import hmac
from datetime import datetime
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fridhem.foundation.accounts import actions, providers, saml, sealing, sessions
from fridhem.foundation.accounts.arrivals import Arrival, withheld_by
from fridhem.foundation.accounts.enums import Entrance, Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import Denied

ONE_DAY = 24 * 60 * 60  # seconds
FULL_FOR = 30  # seconds before a full counter is counted again
WRONG = gettext_lazy("The username or the password is wrong.")
TOO_MANY = gettext_lazy("Too many tries. Wait five minutes, or sign in with your passkey.")


def enter(request: HttpRequest, user: User, entrance: str) -> None:
    """Note in the session how it was opened, and in the record that it was."""
    now = timezone.now()
    request.session[sessions.ENTRANCE] = entrance
    request.session[sessions.OPENED] = now.isoformat()
    record("accounts.user.signed_in", subject=user, by=user, at=now, reason=entrance)


class AccountAdapter(DefaultAccountAdapter):
    """Passwords: the weakest way in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": TOO_MANY,
        "incorrect_password": gettext_lazy("The password is wrong."),
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever has just used a one-time code may have no other way to say who they are."""
        return not context.request.session.get(sessions.MAY_ADD, False)

    def login(self, request: HttpRequest, user: User) -> None:  # type: ignore[override]
        """Begin the session, and say by which entrance."""
        entrance = _entrance(request, user)
        super().login(request, user)
        if hasattr(request, "arrival"):
            arrival = _arrival(request)
            now = timezone.now()
            request.session[sessions.PROVIDER] = arrival.for_session(now)
            request.session[sessions.WITHHELD] = withheld_by(arrival.place(now))
        enter(request, user, entrance)

    def logout(self, request: HttpRequest) -> None:
        """End the session, and say so in the record."""
        if isinstance(request.user, User):
            record("accounts.user.signed_out", subject=request.user, by=request.user, at=timezone.now())
        super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try per person and address, and per person: what is full refuses the password and nothing else."""
        here, guessed = self._get_login_attempts_cache_key(request, **credentials), _keyed(credentials.get("username", ""))
        if cache.get_many([f"full:{here}", f"full:{guessed}"]):
            raise ValidationError(TOO_MANY)
        if not ratelimit.consume(request, app="allauth.account", action="guesses", key=guessed):
            self._tell_of_guessing(credentials.get("username", ""))
            self._is_full(guessed)
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._is_full(here)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say so in the record, of whom if it's someone; what was typed is kept nowhere."""
        known = User.objects.filter(username__iexact=credentials.get("username", "")).first()
        record("accounts.user.sign_in_failed", subject=known, by=None, at=timezone.now(), reason=Entrance.PASSWORD)

    def add_message(self, request: HttpRequest, level: int, *templates: Any, message: str | None = None, **more: Any) -> None:
        """Our pages say what was done in their own words; errors come through."""
        if message:
            super().add_message(request, level, message=message)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return _keyed(credentials.get("username", ""), self.get_client_ip(request))

    def _is_full(self, key: str) -> NoReturn:
        """Refuse, and the next ones at the cost of one look: counting anew each time would hold everyone else up."""
        cache.set(f"full:{key}", 1, FULL_FOR)
        raise ValidationError(TOO_MANY)

    def _tell_of_guessing(self, username: str) -> None:
        """Raise an alert, once a day and person."""
        known = User.objects.filter(username__iexact=username).first()
        if known and cache.add(f"told:{known.pk}", 1, ONE_DAY):
            to = [Role.PRIVACY_OFFICER, Role.ADMINISTRATOR]
            alert(AlertKind.SIGN_IN, subject=known, about_user=known, at=timezone.now(), roles=to)


def _arrival(request: HttpRequest) -> Arrival:
    """What the provider said in this request, put there by `site.pages.provider`."""
    arrival: Arrival = request.arrival  # type: ignore[attr-defined]
    return arrival


def _keyed(*words: str) -> str:
    """A counter's name: whom and from where, so that only this face can tell."""
    said = "\0".join(word.casefold() for word in words)
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256").hex()


def _entrance(request: HttpRequest, user: User) -> str:
    """How the person was known, from what allauth saw in this session: the strongest of it."""
    if hasattr(request, "arrival"):
        return _arrival(request).entrance
    steps = {(step["method"], step.get("type")) for step in get_authentication_records(request, user)}
    if ("mfa", "webauthn") in steps:
        return Entrance.PASSKEY
    return Entrance.TOTP if any(method == "mfa" for method, _kind in steps) else Entrance.PASSWORD


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys, and codes from an app whose secret lies sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("It couldn't be used. Try again, or use another way in."),
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, kind="code secret")

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, kind="code secret")

    def generate_authenticator_name(self, user: User, type: str) -> str:  # type: ignore[override]
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": f"Fridhem {settings.FRIDHEM_MUNICIPALITY}"}


_KINDS = {"oidc": "openid_connect", "saml": "saml"}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The municipality's own sign-in: the file says who it is, and what its groups mean here."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        return [
            _app(one)
            for one in providers.sign_in().providers
            if provider in (None, one.id, _KINDS[one.kind]) and client_id in (None, one.client)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever has a place by their group; `pre_social_login` has refused the others."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person's place, and bring the account in line with it. Raises `Denied`."""
        arrival, now = _arrival(request), timezone.now()
        known = sociallogin.user if sociallogin.is_existing else None
        place = arrival.place(now)
        if place is None:
            self._refuse(known, now)
        elif known is not None:
            sociallogin.user = actions.follow(known, at=now, name=arrival.name, place=place)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """An account for someone who comes for the first time."""
        arrival, now, uid = _arrival(request), timezone.now(), sociallogin.account.uid
        place = arrival.place(now)
        assert place is not None, "`pre_social_login` has refused the others"
        username, name = arrival.username or uid[:70], arrival.name or uid[:120]
        user = actions.join(at=now, username=username, name=name, place=place)
        sociallogin.user = user
        sociallogin.save(request)
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **more: Any) -> None:
        """Say so in the record; what was sent is kept nowhere."""
        record("accounts.user.sign_in_failed", subject=None, by=None, at=timezone.now(), reason="provider")

    def _refuse(self, known: User | None, at: datetime) -> NoReturn:
        record("accounts.user.sign_in_failed", subject=known, by=None, at=at, reason="no group")
        if known is not None:
            actions.shut_out(known, at=at, reason="no group")
        raise Denied(_("The municipality's sign-in knows you, but none of your groups has a place in Fridhem. Ask your manager."))


def _app(provider: providers.Provider) -> SocialApp:
    """The provider as allauth wants to read it."""
    own = provider.settings
    settings_of = {
        "oidc": lambda: {"server_url": own["issuer"], "oauth_pkce_enabled": True, "scope": own.get("scopes", [])},
        "saml": lambda: saml.settings_of(provider),
    }[provider.kind]()
    return SocialApp(
        provider=_KINDS[provider.kind],
        provider_id=provider.id,
        name=provider.name,
        client_id=provider.client,
        secret=provider.secret,
        settings=settings_of,
    )
