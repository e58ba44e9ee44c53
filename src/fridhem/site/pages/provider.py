"""Signing in by the municipality's own provider. What it said is read here, used in this request, and not kept."""

import zlib
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.views import ACSView, FinishACSView, LoginView, MetadataView, SLSView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from lxml.etree import LxmlError

from fridhem.foundation.accounts import oidc, providers, saml
from fridhem.foundation.accounts.arrivals import Arrival
from fridhem.site import errors

REFUSED = (OAuth2Error, ProviderException, PermissionDenied, oidc.Unreachable)
NONSENSE = (LxmlError, SyntaxError, ValueError, zlib.error)  # what python3-saml raises at what was never a SAML message


def _app(request: HttpRequest, name: str, kind: str) -> SocialApp:
    """The provider `name` of the file. Raises `Http404`."""
    found = providers.find(name)
    if found is None or found.kind != kind or "process" in {*request.GET, *request.POST}:
        raise Http404  # allauth's other processes would tie the provider's account to whoever is signed in
    return get_adapter().list_apps(request, provider=name)[0]


def _arrive(request: HttpRequest, login: SocialLogin, claims: dict[str, Any], token: str = "") -> SocialLogin:
    """Keep what was said for this request only; what allauth would store of it is emptied."""
    provider = providers.find(login.account.provider)
    assert provider is not None
    request.arrival = Arrival(provider, claims, token)  # type: ignore[attr-defined]
    login.account.extra_data, login.email_addresses = {}, []
    return login


# ── OpenID Connect ────────────────────────────────────────────────────────


class OIDCProvider(OpenIDConnectProvider):
    """The provider, with our reading of what it says."""

    def get_oauth2_adapter(self, request: HttpRequest) -> "OIDCReader":
        return OIDCReader(request, self.app)


class OIDCReader(OpenIDConnectOAuth2Adapter):
    """Reads the provider's answer: the signature is checked, always."""

    def __init__(self, request: HttpRequest, app: SocialApp) -> None:
        super().__init__(request, app.provider_id)
        self.app = app

    def get_provider(self) -> OIDCProvider:
        return OIDCProvider(self.request, app=self.app)

    @property
    def openid_config(self) -> dict[str, Any]:
        provider = providers.find(self.app.provider_id)
        assert provider is not None
        return oidc.description(provider)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **more: Any) -> SocialLogin:
        """Who it is. Raises `OAuth2Error`."""
        provider = providers.find(app.provider_id)
        assert provider is not None
        claims = oidc.claims_of(provider, more["response"].get("id_token", ""))
        claims = oidc.with_userinfo(provider, claims, token.token)
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        return _arrive(request, login, claims, token.token_secret)


def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    if request.method != "POST":
        return redirect("sign-in")
    reader = OIDCReader(request, _app(request, provider_id, "oidc"))
    try:
        return OAuth2LoginView.adapter_view(reader)(request)
    except REFUSED:
        return _silent(request)


def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    reader = OIDCReader(request, _app(request, provider_id, "oidc"))
    try:
        return OAuth2CallbackView.adapter_view(reader)(request)
    except oidc.Unreachable:
        return _silent(request)


def _silent(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/silent.html", status=503)


def cancelled(request: HttpRequest) -> HttpResponse:
    """The person turned back at the provider."""
    return redirect("sign-in")


# ── SAML 2.0 ──────────────────────────────────────────────────────────────


class AnswerReader(saml.AnswerReader):
    """Reads a valid answer, and keeps what it says for this request."""

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        return _arrive(request, super().sociallogin_from_response(request, response), saml.claims_of(response))


class _Saml:
    """Finds the provider in the file."""

    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        request.META.setdefault("HTTP_HOST", request.get_host())  # allauth reads it as it came, and it needn't have come
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def get_app(self, name: str) -> SocialApp:
        return _app(self.request, name, "saml")

    def get_provider(self, name: str = "") -> AnswerReader:
        return AnswerReader(self.request, app=self.get_app(name or self.kwargs["organization_slug"]))  # type: ignore[attr-defined]


class SamlLogin(_Saml, LoginView):
    """Off to the provider."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(request, *args, **kwargs) if request.method == "POST" else redirect("sign-in")


class SamlAnswer(_Saml, ACSView):
    """The provider's answer arrives from its own page, so without our cookie: it's set aside for a moment."""


class SamlFinish(_Saml, FinishACSView):
    """The answer is read, and what isn't signed, for us, in time and asked for is refused."""

    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        try:
            return super().dispatch(request, organization_slug)
        except (*REFUSED, *NONSENSE) as error:
            return render_authentication_error(request, self.get_provider(organization_slug), exception=error)


class SamlLogout(_Saml, SLSView):
    """The provider says that the person has left: believed when the message itself is signed."""

    def get_provider(self, name: str = "") -> AnswerReader:
        found = super().get_provider(name)
        found.app.settings["advanced"]["want_message_signed"] = True
        return found

    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        try:
            answer = super().dispatch(request, organization_slug)
        except NONSENSE:
            return errors.bad_request(request)
        return errors.bad_request(request) if answer.status_code == 400 else answer


class SamlMetadata(_Saml, MetadataView):
    """What the provider needs to know of us."""


saml_login, saml_acs = SamlLogin.as_view(), SamlAnswer.as_view()
saml_finish, saml_logout, saml_metadata = SamlFinish.as_view(), SamlLogout.as_view(), SamlMetadata.as_view()
